-- @noindex
-- liveband: install the OSC pattern

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

-- ReaPack puts data files below Data; REAPER looks for patterns in its folder OSC.
local resources = reaper.GetResourcePath()
local folder = resources .. "/OSC"
reaper.RecursiveCreateDirectory(folder, 0)
local source = io.open(here .. "Liveband.ReaperOSC", "rb")
  or io.open(resources .. "/Data/Liveband.ReaperOSC", "rb")
if not source then
  return common.tell("Liveband.ReaperOSC is neither beside this script nor below " .. resources)
end
local target, why = io.open(folder .. "/Liveband.ReaperOSC", "wb")
if target then
  target:write(source:read("a"))
  target:close()
  reaper.ShowConsoleMsg("liveband: choose Liveband in Preferences, Control/OSC/web, Add, OSC\n")
else
  common.tell(why)
end
source:close()
