-- @noindex
-- liveband: settings (command, ports, folder)

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

local values = {}
for _, name in ipairs(common.order) do values[#values + 1] = common.setting(name) end
local titles = table.concat(common.order, ",") .. ",separator=;,extrawidth=240"
local ok, answer = reaper.GetUserInputs(
  "liveband", #common.order, titles, table.concat(values, ";")
)
if not ok then return end
local number = 0
for value in (answer .. ";"):gmatch("([^;]*);") do
  number = number + 1
  if common.order[number] then common.keep(common.order[number], value) end
end
