-- @noindex
-- liveband: count half as fast as the beat tracker does, until the next reset

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

common.run("set", "ear/half")
