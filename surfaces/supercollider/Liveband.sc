// A running liveband, from SuperCollider. Made by `make surfaces`; do not edit.
//
// b = Liveband.new.open;
// b.stem = "bass"; b.gainOut = -6; b.reset;
// b.at("gain/out").postln;
// b.onBeat = { |beat, bar, tempo, confidence| if(beat == 1) { bar.postln } };
// b.close;
Liveband {
	var <addr, <values, <>onChange, <>onBeat, responder, keeper;

	*new { |host = "127.0.0.1", port = 9100|
		^super.newCopyArgs(NetAddr(host, port)).init
	}

	init { values = Dictionary.new }

	// Registers, asks for every value, and stays registered until closed.
	open {
		responder = { |message, time, from|
			var name = message[0].asString;
			if(name.beginsWith("/liveband/") and: { from.port == addr.port }) {
				name = name.drop(10);
				values[name] = message.drop(1);
				onChange.value(name, message.drop(1));
				if(name == "beat" and: { message[1] > 0 }) {
					onBeat.value(*message.drop(1))
				};
			}
		};
		thisProcess.addOSCRecvFunc(responder);
		this.send("register");
		this.send("dump");
		keeper = SkipJack({ this.send("ping") }, 20, name: "Liveband");
	}

	close {
		if(responder.notNil) {
			keeper.stop;
			this.send("unregister");
			thisProcess.removeOSCRecvFunc(responder);
			responder = nil;
		}
	}

	// What the bridge last said of a name: its only value, or all of several; nil before.
	at { |name|
		var found = values[name.asString];
		^if(found.notNil and: { found.size == 1 }) { found[0] } { found }
	}

	send { |name ... arguments| addr.sendMsg("/liveband/" ++ name, *arguments) }

	// Instrument to play; the sound glides over within a hop.
	stem { ^this.at("stem") }
	stem_ { |value| this.send("stem", value) }

	// How far the stem runs ahead of what was heard.
	anticipation { ^this.at("anticipation") }
	anticipation_ { |value| this.send("anticipation", value) }

	// Generate; off fades the stem out and lets the model rest.
	enable { ^this.at("enable") }
	enable_ { |value| this.send("enable", value.binaryValue) }

	// Send the mix itself to the output, as late as the stem would be.
	bypass { ^this.at("bypass") }
	bypass_ { |value| this.send("bypass", value.binaryValue) }

	// Silence the output; the model plays on.
	mute { ^this.at("mute") }
	mute_ { |value| this.send("mute", value.binaryValue) }

	// Hear the mix; off gives the model silence.
	listen { ^this.at("listen") }
	listen_ { |value| this.send("listen", value.binaryValue) }

	// Level of the mix as the model hears it; -60 is off.
	gainIn { ^this.at("gain/in") }
	gainIn_ { |value| this.send("gain/in", value) }

	// Level of the stem; -60 is off.
	gainOut { ^this.at("gain/out") }
	gainOut_ { |value| this.send("gain/out", value) }

	// How freely it plays; 0 is the most predictable take.
	noise { ^this.at("noise") }
	noise_ { |value| this.send("noise", value) }

	// Names the take: same seed, same mix, same stem; -1 draws one at each reset.
	seed { ^this.at("seed") }
	seed_ { |value| this.send("seed", value) }

	// Length of the fade at enable and where anticipation moves the stem in time.
	fade { ^this.at("fade") }
	fade_ { |value| this.send("fade", value) }

	// How many play; each has outputs of its own, and keeps them when it leaves.
	players { ^this.at("players") }
	players_ { |value| this.send("players", value) }

	// MIDI channel to listen to; 0 is all.
	midiChannel { ^this.at("midi/channel") }
	midiChannel_ { |value| this.send("midi/channel", value) }

	// What a MIDI controller does while the control is somewhere else.
	midiTakeover { ^this.at("midi/takeover") }
	midiTakeover_ { |value| this.send("midi/takeover", value) }

	// Show values on MIDI controllers.
	midiFeedback { ^this.at("midi/feedback") }
	midiFeedback_ { |value| this.send("midi/feedback", value.binaryValue) }

	// Send MIDI clock, start, stop and song position of the beat in force.
	midiClock { ^this.at("midi/clock") }
	midiClock_ { |value| this.send("midi/clock", value.binaryValue) }

	// Forget everything heard and start afresh, faded.
	reset { this.send("reset") }

	// Draw a new seed now, without forgetting what was heard.
	reseed { this.send("reseed") }

	// Silence within a block, then start afresh.
	panic { this.send("panic") }

	// What keeps time; auto: a rolling DAW, else a MIDI clock, else the beat tracker.
	transportSource { ^this.at("transport/source") }
	transportSource_ { |value| this.send("transport/source", value) }

	// Play only while the transport rolls.
	transportFollow { ^this.at("transport/follow") }
	transportFollow_ { |value| this.send("transport/follow", value.binaryValue) }

	// Reset when the transport starts, is moved to another place, or either.
	transportResetOn { ^this.at("transport/reset_on") }
	transportResetOn_ { |value| this.send("transport/reset_on", value) }

	// Tempo where the transport tells none.
	tempo { ^this.at("tempo") }
	tempo_ { |value| this.send("tempo", value) }

	// Beats in a bar where the transport tells none.
	transportBeats { ^this.at("transport/beats") }
	transportBeats_ { |value| this.send("transport/beats", value) }

	// Feel to play with, the checkpoint's to say; auto chooses one, any mixes them.
	groove { ^this.at("groove") }
	groove_ { |value| this.send("groove", value) }

	// Play on to the last bars, over and over, and hear nothing new.
	freeze { ^this.at("freeze") }
	freeze_ { |value| this.send("freeze", value.binaryValue) }

	// Bank that a reset returns to; 0 is nothing heard, as is an empty one.
	resetTo { ^this.at("reset/to") }
	resetTo_ { |value| this.send("reset/to", value) }

	// What `stem`, `reset`, `freeze` and presets wait for while the beat goes on.
	quantize { ^this.at("quantize") }
	quantize_ { |value| this.send("quantize", value) }

	// Connect ports by rule as they appear, and make remembered wires again.
	autoconnect { ^this.at("autoconnect") }
	autoconnect_ { |value| this.send("autoconnect", value) }

	// The output returns to the program the mix comes from: play a block earlier.
	latencyLoop { ^this.at("latency/loop") }
	latencyLoop_ { |value| this.send("latency/loop", value.binaryValue) }

	// A beat, now: the first tap is the one of the bar, further ones set the tempo.
	tap { this.send("tap") }

	// Slowest tempo the beat tracker may follow; above `ear/tempo/max` the two swap.
	earTempoMin { ^this.at("ear/tempo/min") }
	earTempoMin_ { |value| this.send("ear/tempo/min", value) }

	// Fastest tempo the beat tracker may follow.
	earTempoMax { ^this.at("ear/tempo/max") }
	earTempoMax_ { |value| this.send("ear/tempo/max", value) }

	// Keep the beat tracker's present tempo, whatever it hears.
	earHold { ^this.at("ear/hold") }
	earHold_ { |value| this.send("ear/hold", value.binaryValue) }

	// How long the beat goes on through silence; then the band rests until it hears.
	earSilence { ^this.at("ear/silence") }
	earSilence_ { |value| this.send("ear/silence", value) }

	// Count half as fast as the beat tracker does, until the next reset.
	earHalf { this.send("ear/half") }

	// Count twice as fast as the beat tracker does, until the next reset.
	earDouble { this.send("ear/double") }

	// This beat is the one: the beat tracker's bar begins at the beat nearest to now.
	earDownbeat { this.send("ear/downbeat") }
}
