-- A strict stand-in for REAPER: lua5.4 reaper_stub.lua ACTION SCENE
-- Only the functions below exist, each checks its arguments; every call is printed.
-- SCENE is a Lua file that returns a table of what the world answers.

local action, scene = arg[1], dofile(arg[2])
local ext, queue, atexit, clock = scene.ext or {}, {}, nil, 0.0
local track, effects = { "track" }, {}

local function say(name, ...)
  local words = {}
  for i = 1, select("#", ...) do words[i] = tostring((select(i, ...))) end
  print(name .. "\t" .. table.concat(words, "\t"))
end

local function expect(kind, value, what)
  if type(value) ~= kind then error(what .. " takes a " .. kind .. ", got " .. type(value), 3) end
end

local known = {}

function known.get_action_context() return false, action, 0, 0, 0, 0, 0 end
function known.GetExtState(section, key)
  expect("string", section, "section") expect("string", key, "key")
  return ext[section .. "/" .. key] or ""
end
function known.SetExtState(section, key, value, persist)
  expect("string", value, "value") expect("boolean", persist, "persist")
  ext[section .. "/" .. key] = value
  say("SetExtState", section, key, value)
end
function known.ExecProcess(command, timeout)
  expect("string", command, "command") expect("number", timeout, "timeout")
  say("ExecProcess", command)
  return scene.exec(command)
end
function known.ShowMessageBox(text, title, kind)
  expect("string", text, "text") expect("string", title, "title") expect("number", kind, "type")
  say("ShowMessageBox", (text:gsub("\n", " | ")))
  return 1
end
function known.ShowConsoleMsg(text) expect("string", text, "text") say("Console", (text:gsub("\n", ""))) end
function known.GetUserInputs(title, count, captions, values)
  expect("number", count, "count") expect("string", captions, "captions")
  say("GetUserInputs", title, count)
  return scene.inputs ~= nil, scene.inputs or values
end
function known.time_precise() clock = clock + 0.05 return clock end
function known.defer(f) expect("function", f, "defer") queue[#queue + 1] = f end
function known.atexit(f) expect("function", f, "atexit") atexit = f end
function known.GetSelectedTrack(project, index)
  expect("number", project, "project") expect("number", index, "index")
  return scene.selected ~= false and track or nil
end
function known.TrackFX_AddByName(at, name, recording, position)
  assert(at == track) expect("boolean", recording, "recFX") expect("number", position, "instantiate")
  say("TrackFX_AddByName", name)
  if scene.no_ping then return -1 end
  effects[#effects + 1] = name
  return #effects - 1
end
function known.TrackFX_Delete(at, fx) assert(at == track) say("TrackFX_Delete", fx) return true end
function known.TrackFX_SetParam(at, fx, parameter, value)
  assert(at == track) expect("number", fx, "fx") expect("number", value, "value")
  say("TrackFX_SetParam", fx, parameter, value)
  return true
end
function known.TrackFX_GetParam(at, fx, parameter)
  assert(at == track)
  return scene.measured(clock), -2, 192000
end
function known.TrackFX_GetByName(at, name, add)
  expect("boolean", add, "instantiate")
  return scene.control or -1
end
function known.TrackFX_GetNumParams() return 3 end
function known.TrackFX_GetParamName(at, fx, parameter)
  return true, ({ [0] = "Stem", "Reported delay (frames)", "Send all" })[parameter]
end
function known.GetCursorPosition() return scene.cursor or 0.0 end
function known.CountTracks(project) return 2 end
function known.InsertTrackAtIndex(index, defaults)
  expect("boolean", defaults, "wantDefaults") say("InsertTrackAtIndex", index)
end
function known.GetTrack(project, index) return track end
function known.GetSetMediaTrackInfo_String(at, key, value, set)
  expect("boolean", set, "setNewValue") say("Track", key, value) return true, value
end
function known.AddMediaItemToTrack(at) return { "item" } end
function known.AddTakeToMediaItem(item) return { "take" } end
function known.SetMediaItemTake_Source(take, source) say("Source", source.path) return true end
function known.PCM_Source_CreateFromFile(path)
  local file = io.open(path)
  if not file then return nil end
  file:close()
  return { path = path }
end
function known.SetMediaItemInfo_Value(item, key, value)
  expect("number", value, key) say("Item", key, value) return true
end
function known.Undo_BeginBlock() say("Undo_BeginBlock") end
function known.Undo_EndBlock(text, flags) expect("number", flags, "flags") say("Undo_EndBlock", text) end
function known.UpdateArrange() end
function known.GetResourcePath() return scene.resources end
function known.RecursiveCreateDirectory(path, ignored)
  expect("number", ignored, "ignored") os.execute('mkdir -p "' .. path .. '"') return 1
end

reaper = setmetatable({}, {
  __index = function(_, name)
    return known[name] or error("there is no reaper." .. tostring(name), 2)
  end,
  __newindex = function(_, name) error("reaper." .. tostring(name) .. " is not ours to set", 2) end,
})
setmetatable(_G, { __newindex = function(_, name) error("global '" .. name .. "'", 2) end })

local function run(f) f() end
run(assert(loadfile(action)))
for _ = 1, scene.rounds or 200 do
  local due = queue
  queue = {}
  for _, f in ipairs(due) do f() end
  if #due == 0 then break end
end
if atexit then atexit() end
