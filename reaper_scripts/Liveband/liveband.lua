--[[
@description liveband: an AI musician on stage
@version 0.1.0
@author The liveband authors
@about
  # liveband

  Templates, actions and a JSFX for playing with liveband, an AI musician that
  listens to a live mix through JACK and plays a stem that fits.
@metapackage
@provides
  [main] liveband_bypass.lua
  [nomain] liveband_common.lua
  [main] liveband_connect.lua
  [main] liveband_disconnect.lua
  [main] liveband_ear_double.lua
  [main] liveband_ear_half.lua
  [main] liveband_insert_stem.lua
  [main] liveband_install_osc.lua
  [main] liveband_learn.lua
  [main] liveband_measure_round_trip.lua
  [main] liveband_next_stem.lua
  [main] liveband_panic.lua
  [main] liveband_previous_stem.lua
  [main] liveband_record.lua
  [main] liveband_reset.lua
  [main] liveband_settings.lua
  [data] Liveband.ReaperOSC
  [tracktpl] liveband - four stems.RTrackTemplate
  [tracktpl] liveband - return only.RTrackTemplate
  [tracktpl] liveband - send and return.RTrackTemplate
  [projecttpl] liveband 48 kHz.RPP
  [midinotenames] liveband stems.txt
  [effect] liveband_control.jsfx
  [nomain] liveband_osc.py
  [effect] liveband_ping.jsfx
--]]
