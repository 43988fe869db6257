-- @noindex
-- What the actions share: how to reach a running bridge, and how to say what went wrong.
-- ReaScript has no sockets, so they speak through the command `liveband`.

local common = {}

local SECTION = "liveband"
local WAIT_MS = 15000

-- Settings live in REAPER's external state and are set with the action 'liveband: settings'.
local DEFAULTS = {
  command = "liveband",   -- or the full path of it, e.g. /home/mia/liveband/.venv/bin/liveband
  client = "REAPER",      -- REAPER's name on the JACK server
  send = "3 4",           -- hardware outputs that go to liveband
  ["return"] = "3 4",     -- hardware inputs that come from it
  midi = "MIDI Output 1, MIDI Input 1",
  recordings = "",        -- folder of the bridge's recordings; empty: ~/Music/liveband
}
common.order = { "command", "client", "send", "return", "midi", "recordings" }

function common.setting(name)
  local kept = reaper.GetExtState(SECTION, name)
  if kept ~= "" then return kept end
  return assert(DEFAULTS[name], "no setting " .. name)
end

function common.keep(name, value)
  assert(DEFAULTS[name], "no setting " .. name)
  reaper.SetExtState(SECTION, name, value, true)
end

local function quoted(word)
  return '"' .. tostring(word):gsub('["\\]', "\\%0") .. '"'
end

-- The command line that runs `liveband` with these words.
function common.command_line(...)
  local words = { quoted(common.setting("command")) }
  for _, word in ipairs({ ... }) do words[#words + 1] = quoted(word) end
  return table.concat(words, " ")
end

-- Runs `liveband` and waits; returns what it printed, or nil and why not.
function common.try(...)
  local answer = reaper.ExecProcess(common.command_line(...), WAIT_MS)
  if not answer then
    return nil, "'" .. common.setting("command") .. "' cannot be started; tell where it is " ..
      "with the action 'liveband: settings'"
  end
  local code, text = answer:match("^(%-?%d+)\n?(.*)$")
  text = (text or ""):gsub("%s+$", "")
  if code ~= "0" then return nil, text ~= "" and text or ("exit code " .. tostring(code)) end
  return text
end

-- Shows why an action did nothing.
function common.tell(text)
  reaper.ShowMessageBox(text, "liveband", 0)
end

-- Runs `liveband`; returns what it printed, or shows why not and returns nil.
function common.run(...)
  local text, why = common.try(...)
  if not text then common.tell(why) end
  return text
end

function common.pair(name)
  local left, right = common.setting(name):match("^%s*(%d+)%s+(%d+)%s*$")
  assert(left, "setting '" .. name .. "' takes two channel numbers, e.g. 3 4, got '" ..
    common.setting(name) .. "'")
  return left, right
end

-- The wires between REAPER and the bridge: source and destination of each.
function common.wires()
  local client = common.setting("client")
  local send_left, send_right = common.pair("send")
  local back_left, back_right = common.pair("return")
  local wires = {
    { client .. ":out" .. send_left, "liveband:in_L" },
    { client .. ":out" .. send_right, "liveband:in_R" },
    { "liveband:out_L", client .. ":in" .. back_left },
    { "liveband:out_R", client .. ":in" .. back_right },
  }
  local midi_out, midi_in = common.setting("midi"):match("^%s*(.-)%s*,%s*(.-)%s*$")
  if midi_out and midi_out ~= "" then
    wires[#wires + 1] = { client .. ":" .. midi_out, "liveband:control_in" }
    wires[#wires + 1] = { "liveband:control_out", client .. ":" .. midi_in }
  end
  return wires
end

-- Chooses the stem so many places after the one that plays.
function common.step_stem(by)
  local offer, now = common.run("get", "stems"), nil
  if not offer then return end
  now = common.run("get", "stem")
  if not now then return end
  local stems, at = {}, 1
  for stem in offer:gmatch("%S+") do
    stems[#stems + 1] = stem
    if stem == now then at = #stems end
  end
  if #stems == 0 then return common.tell("the bridge offers no stems") end
  common.run("set", "stem", stems[(at - 1 + by) % #stems + 1])
end

return common
