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
         "text": "liveband.status"
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
         "bgmode": 0,
         "border": 0,
         "enablehscroll": 0,
         "id": "obj-5",
         "maxclass": "bpatcher",
         "name": "liveband.status.maxpat",
         "numinlets": 1,
         "numoutlets": 1,
         "outlettype": [
          ""
         ],
         "patching_rect": [
          15.0,
          502.0,
          510.0,
          335.0
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
         "text": "Whether it plays, and if not, why; where the delay goes; what was late."
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
         "text": "State, latency and counters"
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
         "text": "liveband.status"
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
       852.0
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
