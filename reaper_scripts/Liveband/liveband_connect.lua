-- @noindex
-- liveband: connect (wire REAPER to the bridge and back)

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

-- All wires are tried before anything is said.
local failures = {}
for _, wire in ipairs(common.wires()) do
  local done, why = common.try("connect", wire[1], wire[2])
  if not done then failures[#failures + 1] = wire[1] .. " -> " .. wire[2] .. ": " .. why end
end
if #failures > 0 then common.tell(table.concat(failures, "\n")) end
