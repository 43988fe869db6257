-- @noindex
-- liveband: insert the recorded stem, aligned

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

-- The recording knows where JACK's transport stood at its first frame; where it did not roll,
-- the item goes to the edit cursor.
local state = common.run("get", "record/state")
if not state then return end
local recording, name = state:match("^(%d) (.-) [%d.e+-]+ %d+")
if not name or name == "" then return common.tell("nothing was recorded yet") end
if recording == "1" then return common.tell("it still records; end it first") end

local folder = common.setting("recordings")
if folder == "" then
  local music = os.getenv("XDG_MUSIC_DIR")
  folder = (music and music ~= "" and music or os.getenv("HOME") .. "/Music") .. "/liveband"
end
local path = folder .. "/" .. name
local file = io.open(path .. ".toml")
if not file then
  return common.tell("there is no " .. path .. ".toml; say where with 'liveband: settings'")
end
local facts = {}
for line in file:lines() do
  local key, value = line:match("^([%w_]+) = (.+)$")
  if key then facts[key] = value:match('^"(.*)"$') or value end
end
file:close()

local rate, position = tonumber(facts.rate), reaper.GetCursorPosition()
if facts.transport_rolling == "true" then
  position = tonumber(facts.transport_frame) / rate
end
local source = reaper.PCM_Source_CreateFromFile(path .. ".stem.wav")
if not source then return common.tell(path .. ".stem.wav cannot be read") end

reaper.Undo_BeginBlock()
local index = reaper.CountTracks(0)
reaper.InsertTrackAtIndex(index, true)
local track = reaper.GetTrack(0, index)
reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "liveband " .. (facts.stem or "stem"), true)
local item = reaper.AddMediaItemToTrack(track)
local take = reaper.AddTakeToMediaItem(item)
reaper.SetMediaItemTake_Source(take, source)
reaper.SetMediaItemInfo_Value(item, "D_POSITION", position)
reaper.SetMediaItemInfo_Value(item, "D_LENGTH", tonumber(facts.frames) / rate)
reaper.Undo_EndBlock("liveband: insert the recorded stem", -1)
reaper.UpdateArrange()
