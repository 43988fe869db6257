-- @noindex
-- liveband: panic (silence within a block, then afresh)

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

common.run("set", "panic")
