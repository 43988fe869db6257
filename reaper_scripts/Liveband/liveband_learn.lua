-- @noindex
-- liveband: learn (bind the next MIDI controller that is moved)

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

-- The bridge waits for half a minute; REAPER goes on meanwhile.
local ok, control = reaper.GetUserInputs("liveband learn", 1, "Control", "gain/out")
if not ok then return end
if not control:match("^[%w_/]+$") then
  return common.tell("a control is a name such as gain/out, got '" .. control .. "'")
end

local heard = os.tmpname()
local line = common.command_line("learn", control) .. ' > "' .. heard .. '" 2>&1'
if not reaper.ExecProcess("/bin/sh -c '" .. line .. "'", -2) then
  return common.tell("/bin/sh cannot be started")
end

local patience = reaper.time_precise() + 40
local function look()
  local file = io.open(heard)
  local text = file and file:read("a") or ""
  if file then file:close() end
  if text:match("%S") then
    os.remove(heard)
    reaper.ShowConsoleMsg("liveband: " .. text)
  elseif reaper.time_precise() < patience then
    reaper.defer(look)
  else
    os.remove(heard)
    common.tell("no controller was moved, or it does not reach control_in")
  end
end

reaper.ShowConsoleMsg("liveband: move the controller for " .. control .. " now\n")
reaper.defer(look)
