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
     "id": "obj-10",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      335.0,
      220.0,
      117.0,
      22.0
     ],
     "text": "/liveband/panic 1"
    }
   },
   {
    "box": {
     "id": "obj-9",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      175.0,
      220.0,
      123.0,
      22.0
     ],
     "text": "/liveband/reseed 1"
    }
   },
   {
    "box": {
     "id": "obj-8",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      340.0,
      117.0,
      22.0
     ],
     "text": "/liveband/reset 1"
    }
   },
   {
    "box": {
     "bgmode": 0,
     "border": 0,
     "enablehscroll": 0,
     "id": "obj-7",
     "maxclass": "bpatcher",
     "name": "liveband.stemselect.maxpat",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      280.0,
      330.0,
      60.0
     ]
    }
   },
   {
    "box": {
     "id": "obj-6",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      240.0,
      99.0,
      22.0
     ],
     "text": "liveband.osc"
    }
   },
   {
    "box": {
     "id": "obj-5",
     "linecount": 2,
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      15.0,
      150.0,
      590.0,
      30.0
     ],
     "text": "3. Reset forgets everything heard; reseed draws another take."
    }
   },
   {
    "box": {
     "id": "obj-4",
     "linecount": 2,
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      15.0,
      120.0,
      590.0,
      30.0
     ],
     "text": "2. Choose another stem: the sound glides over within a hop."
    }
   },
   {
    "box": {
     "id": "obj-3",
     "linecount": 2,
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      15.0,
      90.0,
      590.0,
      30.0
     ],
     "text": "1. Send sound to the bridge's inputs in_L and in_R."
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
     "text": "choose who plays, and how"
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
     "text": "2 play with stems"
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
      "obj-7",
      0
     ],
     "source": [
      "obj-6",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-6",
      0
     ],
     "source": [
      "obj-7",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-6",
      0
     ],
     "source": [
      "obj-8",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-6",
      0
     ],
     "source": [
      "obj-9",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-6",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   }
  ],
  "openinpresentation": 0,
  "rect": [
   60.0,
   90.0,
   640.0,
   560.0
  ]
 }
}
