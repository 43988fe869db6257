-- @noindex
-- liveband: bypass on or off

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

local now = common.run("get", "bypass")
if now then common.run("set", "bypass", now == "0" and "1" or "0") end
