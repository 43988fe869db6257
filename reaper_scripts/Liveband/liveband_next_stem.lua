-- @noindex
-- liveband: next stem

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

common.step_stem(1)
