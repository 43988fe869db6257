-- @noindex
-- liveband: record in the bridge, or stop

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

-- Mix and stem as WAV files; afterwards: liveband: insert the recorded stem.
local state = common.run("get", "record/state")
if state then common.run("set", state:match("^1") and "record/stop" or "record/start") end
