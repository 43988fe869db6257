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
         "text": "controller 104: /liveband/ear/downbeat"
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
         "text": "controller 103: /liveband/ear/double"
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
         "text": "controller 102: /liveband/ear/half"
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
         "text": "controller 105: /liveband/ear/hold"
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
         "text": "controller 106: /liveband/tap"
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
         "text": "controller 81: /liveband/freeze"
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
         "text": "controller 120: /liveband/panic"
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
         "text": "controller 86: /liveband/reseed"
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
         "text": "controller 85: /liveband/reset"
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
         "text": "controller 25: /liveband/noise"
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
         "text": "controller 23: /liveband/gain/out"
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
         "text": "controller 22: /liveband/gain/in"
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
         "text": "controller 83: /liveband/listen"
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
         "text": "controller 82: /liveband/mute"
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
         "text": "controller 80: /liveband/bypass"
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
         "text": "controller 87: /liveband/enable"
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
         "text": "controller 26: /liveband/anticipation"
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
         "text": "controller 27: /liveband/stem"
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
         "text": "liveband.midi"
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
         "id": "obj-5",
         "maxclass": "newobj",
         "numinlets": 0,
         "numoutlets": 1,
         "outlettype": [
          ""
         ],
         "patching_rect": [
          15.0,
          180.0,
          106.0,
          22.0
         ],
         "text": "liveband.midi"
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
         "text": "Controllers as in the column CC of docs/osc.md, notes from 36 for the stems, program changes for presets: for machines whose MIDI is in Max and not in JACK."
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
         "text": "MIDI that arrives in Max, for the bridge"
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
         "text": "liveband.midi"
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
       560.0
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
