ardour {
	["type"]    = "SessionInit",
	name        = "Liveband",
	description = [[A track to play from, a bus that sends to liveband, and an armed track that records what comes back. Start liveband first: liveband run]],
	license     = "Apache-2.0",
}

-- Ardour shows this among its templates when a session is made, and runs it once in the new
-- session. Put it into ~/.config/ardour7/scripts/ (or ardour8).

local BRIDGE = "liveband"

function factory () return function ()
	local order = ARDOUR.PresentationInfo.max_order
	local normal = ARDOUR.TrackMode.Normal

	-- Every new track goes to the master by itself; what liveband hears comes from here too.
	Session:new_audio_route (2, 2, nil, 1, "To liveband", ARDOUR.PresentationInfo.Flag.AudioBus, order)
	Session:new_audio_track (2, 2, nil, 1, "Band", order, normal, true)
	Session:new_audio_track (2, 2, nil, 1, "Liveband", order, normal, true)

	local band = Session:route_by_name ("Band")
	local send = Session:route_by_name ("To liveband")
	local back = Session:route_by_name ("Liveband")
	local sides = { [0] = "L", [1] = "R" }
	local missing = false

	for n = 0, 1 do
		local heard = send:output ():audio (n)
		heard:disconnect_all ()
		missing = heard:connect (BRIDGE .. ":in_" .. sides[n]) ~= 0 or missing
		local input = back:input ():audio (n)
		input:disconnect_all ()
		missing = input:connect (BRIDGE .. ":out_" .. sides[n]) ~= 0 or missing
		-- The band's track goes to the master and to liveband.
		band:output ():audio (n):connect (send:input ():audio (n):name ())
	end

	back:rec_enable_control ():set_value (1, PBD.GroupControlDisposition.NoGroup)
	Session:save_state ("")

	if missing then
		print ("liveband is not running on this JACK server; start it, then wire the bus "
			.. "'To liveband' to liveband:in_L/in_R and liveband:out_L/out_R to the track 'Liveband'")
	end
end end
