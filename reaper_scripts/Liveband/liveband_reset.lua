-- @noindex
-- liveband: reset (forget everything heard, faded)

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

common.run("set", "reset")
