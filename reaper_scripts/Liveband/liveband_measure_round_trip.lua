-- @noindex
-- liveband: measure round trip

local here = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local common = dofile(here .. "liveband_common.lua")

-- Puts a click on the selected track and counts until it comes back, with the bridge bypassed:
-- then the mix comes back as late as the stem would. The track has the return as its input,
-- monitored, and the send as its hardware output, as in the template "return only" once the
-- hardware output is added.
local PING, RESULT = 0, 1
local PATIENCE_S = 6

local track = reaper.GetSelectedTrack(0, 0)
if not track then
  return common.tell("select the track that liveband comes back on, and measure again")
end
local before = common.run("get", "bypass")
if not before or not common.run("set", "bypass", "1") then return end
local ping = reaper.TrackFX_AddByName(track, "liveband ping", false, -1)
if ping < 0 then
  common.run("set", "bypass", before)
  return common.tell("the JSFX 'liveband ping' is not installed")
end

local tidied = false
local function tidy()
  if tidied then return end
  tidied = true
  reaper.TrackFX_Delete(track, ping)
  common.run("set", "bypass", before)
end

-- Lets REAPER know of the delay, where the track holds the controls.
local function report(frames)
  local control = reaper.TrackFX_GetByName(track, "liveband control", false)
  if control < 0 then return end
  for parameter = 0, reaper.TrackFX_GetNumParams(track, control) - 1 do
    local _, title = reaper.TrackFX_GetParamName(track, control, parameter, "")
    if title:match("^Reported delay") then
      reaper.TrackFX_SetParam(track, control, parameter, frames)
    end
  end
end

local patience = reaper.time_precise() + PATIENCE_S
local function look()
  local frames = reaper.TrackFX_GetParam(track, ping, RESULT)
  if frames == -1 and reaper.time_precise() < patience then return reaper.defer(look) end
  tidy()
  if frames < 0 then
    return common.tell(
      "the click did not come back: is the track monitored, are the wires made " ..
      "(action 'liveband: connect'), and is its hardware output the send?"
    )
  end
  report(frames)
  reaper.ShowConsoleMsg(string.format("liveband: %d frames from out to in\n", frames))
end

reaper.atexit(tidy)
reaper.TrackFX_SetParam(track, ping, PING, 1)
reaper.defer(look)
