{
 "patcher": {
  "appversion": {
   "architecture": "x64",
   "major": 8,
   "minor": 5,
   "modernui": 1,
   "revision": 0
  },
  "autosave": 0,
  "boxes": [
   {
    "box": {
     "id": "obj-2",
     "maxclass": "newobj",
     "numinlets": 0,
     "numoutlets": 0,
     "patcher": {
      "appversion": {
       "architecture": "x64",
       "major": 8,
       "minor": 5,
       "modernui": 1,
       "revision": 0
      },
      "autosave": 0,
      "boxes": [
       {
        "box": {
         "id": "obj-41",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          835.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/downbeat: This beat is the one: the beat tracker's bar begins at the beat nearest to now"
        }
       },
       {
        "box": {
         "id": "obj-40",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          815.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/double: Count twice as fast as the beat tracker does, until the next reset"
        }
       },
       {
        "box": {
         "id": "obj-39",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          795.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/half: Count half as fast as the beat tracker does, until the next reset"
        }
       },
       {
        "box": {
         "id": "obj-38",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          775.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/silence: How long the beat goes on through silence; then the band rests until it hears"
        }
       },
       {
        "box": {
         "id": "obj-37",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          755.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/hold: Keep the beat tracker's present tempo, whatever it hears"
        }
       },
       {
        "box": {
         "id": "obj-36",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          735.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/tempo/max: Fastest tempo the beat tracker may follow"
        }
       },
       {
        "box": {
         "id": "obj-35",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          715.0,
          640.0,
          20.0
         ],
         "text": "/liveband/ear/tempo/min: Slowest tempo the beat tracker may follow; above `ear/tempo/max` the two swap"
        }
       },
       {
        "box": {
         "id": "obj-34",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          695.0,
          640.0,
          20.0
         ],
         "text": "/liveband/tap: A beat, now: the first tap is the one of the bar, further ones set the tempo"
        }
       },
       {
        "box": {
         "id": "obj-33",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          675.0,
          640.0,
          20.0
         ],
         "text": "/liveband/latency/loop: The output returns to the program the mix comes from: play a block earlier"
        }
       },
       {
        "box": {
         "id": "obj-32",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          655.0,
          640.0,
          20.0
         ],
         "text": "/liveband/autoconnect: Connect ports by rule as they appear, and make remembered wires again"
        }
       },
       {
        "box": {
         "id": "obj-31",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          635.0,
          640.0,
          20.0
         ],
         "text": "/liveband/quantize: What `stem`, `reset`, `freeze` and presets wait for while the beat goes on"
        }
       },
       {
        "box": {
         "id": "obj-30",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          615.0,
          640.0,
          20.0
         ],
         "text": "/liveband/reset/to: Bank that a reset returns to; 0 is nothing heard, as is an empty one"
        }
       },
       {
        "box": {
         "id": "obj-29",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          595.0,
          640.0,
          20.0
         ],
         "text": "/liveband/freeze: Play on to the last bars, over and over, and hear nothing new"
        }
       },
       {
        "box": {
         "id": "obj-28",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          575.0,
          640.0,
          20.0
         ],
         "text": "/liveband/groove: Feel to play with, the checkpoint's to say; auto chooses one, any mixes them"
        }
       },
       {
        "box": {
         "id": "obj-27",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          555.0,
          640.0,
          20.0
         ],
         "text": "/liveband/transport/beats: Beats in a bar where the transport tells none"
        }
       },
       {
        "box": {
         "id": "obj-26",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          535.0,
          640.0,
          20.0
         ],
         "text": "/liveband/tempo: Tempo where the transport tells none"
        }
       },
       {
        "box": {
         "id": "obj-25",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          515.0,
          640.0,
          20.0
         ],
         "text": "/liveband/transport/reset_on: Reset when the transport starts, is moved to another place, or either"
        }
       },
       {
        "box": {
         "id": "obj-24",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          495.0,
          640.0,
          20.0
         ],
         "text": "/liveband/transport/follow: Play only while the transport rolls"
        }
       },
       {
        "box": {
         "id": "obj-23",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          475.0,
          640.0,
          20.0
         ],
         "text": "/liveband/transport/source: What keeps time; auto: a rolling DAW, else a MIDI clock, else the beat tracker"
        }
       },
       {
        "box": {
         "id": "obj-22",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          455.0,
          640.0,
          20.0
         ],
         "text": "/liveband/panic: Silence within a block, then start afresh"
        }
       },
       {
        "box": {
         "id": "obj-21",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          435.0,
          640.0,
          20.0
         ],
         "text": "/liveband/reseed: Draw a new seed now, without forgetting what was heard"
        }
       },
       {
        "box": {
         "id": "obj-20",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          415.0,
          640.0,
          20.0
         ],
         "text": "/liveband/reset: Forget everything heard and start afresh, faded"
        }
       },
       {
        "box": {
         "id": "obj-19",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          395.0,
          640.0,
          20.0
         ],
         "text": "/liveband/midi/clock: Send MIDI clock, start, stop and song position of the beat in force"
        }
       },
       {
        "box": {
         "id": "obj-18",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          375.0,
          640.0,
          20.0
         ],
         "text": "/liveband/midi/feedback: Show values on MIDI controllers"
        }
       },
       {
        "box": {
         "id": "obj-17",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          355.0,
          640.0,
          20.0
         ],
         "text": "/liveband/midi/takeover: What a MIDI controller does while the control is somewhere else"
        }
       },
       {
        "box": {
         "id": "obj-16",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          335.0,
          640.0,
          20.0
         ],
         "text": "/liveband/midi/channel: MIDI channel to listen to; 0 is all"
        }
       },
       {
        "box": {
         "id": "obj-15",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          315.0,
          640.0,
          20.0
         ],
         "text": "/liveband/players: How many play; each has outputs of its own, and keeps them when it leaves"
        }
       },
       {
        "box": {
         "id": "obj-14",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          295.0,
          640.0,
          20.0
         ],
         "text": "/liveband/fade: Length of the fade at enable and where anticipation moves the stem in time"
        }
       },
       {
        "box": {
         "id": "obj-13",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          275.0,
          640.0,
          20.0
         ],
         "text": "/liveband/seed: Names the take: same seed, same mix, same stem; -1 draws one at each reset"
        }
       },
       {
        "box": {
         "id": "obj-12",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          255.0,
          640.0,
          20.0
         ],
         "text": "/liveband/noise: How freely it plays; 0 is the most predictable take"
        }
       },
       {
        "box": {
         "id": "obj-11",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          235.0,
          640.0,
          20.0
         ],
         "text": "/liveband/gain/out: Level of the stem; -60 is off"
        }
       },
       {
        "box": {
         "id": "obj-10",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          215.0,
          640.0,
          20.0
         ],
         "text": "/liveband/gain/in: Level of the mix as the model hears it; -60 is off"
        }
       },
       {
        "box": {
         "id": "obj-9",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          195.0,
          640.0,
          20.0
         ],
         "text": "/liveband/listen: Hear the mix; off gives the model silence"
        }
       },
       {
        "box": {
         "id": "obj-8",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          175.0,
          640.0,
          20.0
         ],
         "text": "/liveband/mute: Silence the output; the model plays on"
        }
       },
       {
        "box": {
         "id": "obj-7",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          155.0,
          640.0,
          20.0
         ],
         "text": "/liveband/bypass: Send the mix itself to the output, as late as the stem would be"
        }
       },
       {
        "box": {
         "id": "obj-6",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          135.0,
          640.0,
          20.0
         ],
         "text": "/liveband/enable: Generate; off fades the stem out and lets the model rest"
        }
       },
       {
        "box": {
         "id": "obj-5",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          115.0,
          640.0,
          20.0
         ],
         "text": "/liveband/anticipation: How far the stem runs ahead of what was heard"
        }
       },
       {
        "box": {
         "id": "obj-4",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          95.0,
          640.0,
          20.0
         ],
         "text": "/liveband/stem: Instrument to play; the sound glides over within a hop"
        }
       },
       {
        "box": {
         "id": "obj-3",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          75.0,
          640.0,
          20.0
         ],
         "text": "what liveband.osc says: shown, and not sent on"
        }
       },
       {
        "box": {
         "id": "obj-2",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          50.0,
          600.0,
          20.0
         ],
         "text": "what it understands"
        }
       },
       {
        "box": {
         "fontface": 1,
         "fontsize": 24.0,
         "id": "obj-1",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          15.0,
          400.0,
          34.0
         ],
         "text": "liveband.remote"
        }
       }
      ],
      "classnamespace": "box",
      "default_fontname": "Arial",
      "default_fontsize": 12.0,
      "dependency_cache": [],
      "fileversion": 1,
      "gridsize": [
       15.0,
       15.0
      ],
      "lines": [],
      "openinpresentation": 0,
      "rect": [
       60.0,
       90.0,
       760.0,
       870.0
      ],
      "showontab": 1
     },
     "patching_rect": [
      120.0,
      15.0,
      86.0,
      22.0
     ],
     "text": "p messages"
    }
   },
   {
    "box": {
     "id": "obj-1",
     "maxclass": "newobj",
     "numinlets": 0,
     "numoutlets": 0,
     "patcher": {
      "appversion": {
       "architecture": "x64",
       "major": 8,
       "minor": 5,
       "modernui": 1,
       "revision": 0
      },
      "autosave": 0,
      "boxes": [
       {
        "box": {
         "bgmode": 0,
         "border": 0,
         "enablehscroll": 0,
         "id": "obj-5",
         "maxclass": "bpatcher",
         "name": "liveband.remote.maxpat",
         "numinlets": 1,
         "numoutlets": 1,
         "outlettype": [
          ""
         ],
         "patching_rect": [
          15.0,
          502.0,
          705.0,
          795.0
         ]
        }
       },
       {
        "box": {
         "id": "obj-4",
         "maxclass": "newobj",
         "numinlets": 1,
         "numoutlets": 1,
         "outlettype": [
          ""
         ],
         "patching_rect": [
          15.0,
          480.0,
          99.0,
          22.0
         ],
         "text": "liveband.osc"
        }
       },
       {
        "box": {
         "id": "obj-3",
         "linecount": 4,
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          75.0,
          640.0,
          66.0
         ],
         "text": "All controls as parameters, in the sections Play, Time, Beat, Sound and System. Above them the state, and a lamp for the beat with tempo, confidence and groove. Wire it to liveband.osc in both directions. liveband.remote.app is the same as a window."
        }
       },
       {
        "box": {
         "id": "obj-2",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          50.0,
          600.0,
          20.0
         ],
         "text": "Every control of the bridge"
        }
       },
       {
        "box": {
         "fontface": 1,
         "fontsize": 24.0,
         "id": "obj-1",
         "maxclass": "comment",
         "numinlets": 1,
         "numoutlets": 0,
         "patching_rect": [
          15.0,
          15.0,
          400.0,
          34.0
         ],
         "text": "liveband.remote"
        }
       }
      ],
      "classnamespace": "box",
      "default_fontname": "Arial",
      "default_fontsize": 12.0,
      "dependency_cache": [],
      "fileversion": 1,
      "gridsize": [
       15.0,
       15.0
      ],
      "lines": [
       {
        "patchline": {
         "destination": [
          "obj-5",
          0
         ],
         "source": [
          "obj-4",
          0
         ]
        }
       },
       {
        "patchline": {
         "destination": [
          "obj-4",
          0
         ],
         "source": [
          "obj-5",
          0
         ]
        }
       }
      ],
      "openinpresentation": 0,
      "rect": [
       60.0,
       90.0,
       760.0,
       1312.0
      ],
      "showontab": 1
     },
     "patching_rect": [
      15.0,
      15.0,
      65.0,
      22.0
     ],
     "text": "p basic"
    }
   }
  ],
  "classnamespace": "box",
  "default_fontname": "Arial",
  "default_fontsize": 12.0,
  "dependency_cache": [],
  "fileversion": 1,
  "gridsize": [
   15.0,
   15.0
  ],
  "lines": [],
  "openinpresentation": 0,
  "rect": [
   60.0,
   90.0,
   760.0,
   560.0
  ]
 }
}
