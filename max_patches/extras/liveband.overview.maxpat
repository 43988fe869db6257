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
     "id": "obj-18",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      405.0,
      480.0,
      22.0
     ],
     "text": "MIDI that arrives in Max, for the bridge"
    }
   },
   {
    "box": {
     "id": "obj-17",
     "maxclass": "newobj",
     "numinlets": 0,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      405.0,
      106.0,
      22.0
     ],
     "text": "liveband.midi"
    }
   },
   {
    "box": {
     "id": "obj-16",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      360.0,
      480.0,
      22.0
     ],
     "text": "The presets of the bridge"
    }
   },
   {
    "box": {
     "id": "obj-15",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      360.0,
      127.0,
      22.0
     ],
     "text": "liveband.presets"
    }
   },
   {
    "box": {
     "id": "obj-14",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      315.0,
      480.0,
      22.0
     ],
     "text": "Teach a MIDI controller"
    }
   },
   {
    "box": {
     "id": "obj-13",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      315.0,
      113.0,
      22.0
     ],
     "text": "liveband.learn"
    }
   },
   {
    "box": {
     "id": "obj-12",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      270.0,
      480.0,
      22.0
     ],
     "text": "Which instrument plays"
    }
   },
   {
    "box": {
     "id": "obj-11",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      270.0,
      148.0,
      22.0
     ],
     "text": "liveband.stemselect"
    }
   },
   {
    "box": {
     "id": "obj-10",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      225.0,
      480.0,
      22.0
     ],
     "text": "Levels of the mix and of the stem"
    }
   },
   {
    "box": {
     "id": "obj-9",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      225.0,
      113.0,
      22.0
     ],
     "text": "liveband.meter"
    }
   },
   {
    "box": {
     "id": "obj-8",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      180.0,
      480.0,
      22.0
     ],
     "text": "State, latency and counters"
    }
   },
   {
    "box": {
     "id": "obj-7",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      180.0,
      120.0,
      22.0
     ],
     "text": "liveband.status"
    }
   },
   {
    "box": {
     "id": "obj-6",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      135.0,
      480.0,
      22.0
     ],
     "text": "Every control of the bridge"
    }
   },
   {
    "box": {
     "id": "obj-5",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      135.0,
      120.0,
      22.0
     ],
     "text": "liveband.remote"
    }
   },
   {
    "box": {
     "id": "obj-4",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      195.0,
      90.0,
      480.0,
      22.0
     ],
     "text": "The connection to a running bridge"
    }
   },
   {
    "box": {
     "id": "obj-3",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      90.0,
      99.0,
      22.0
     ],
     "text": "liveband.osc"
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
     "text": "an AI musician that listens and plays along"
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
     "text": "liveband"
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
   720.0,
   480.0
  ]
 }
}
