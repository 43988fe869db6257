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
     "id": "obj-12",
     "maxclass": "newobj",
     "numinlets": 0,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      480.0,
      1096.0,
      106.0,
      22.0
     ],
     "text": "liveband.midi"
    }
   },
   {
    "box": {
     "id": "obj-11",
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
     "text": "3. liveband.midi lets controllers in Max move the band."
    }
   },
   {
    "box": {
     "id": "obj-10",
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
     "text": "2. Quantize to bar: changes wait for the bar line of the transport."
    }
   },
   {
    "box": {
     "id": "obj-9",
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
     "text": "1. Save what you play with as presets, and step through them."
    }
   },
   {
    "box": {
     "bgmode": 0,
     "border": 0,
     "enablehscroll": 0,
     "id": "obj-8",
     "maxclass": "bpatcher",
     "name": "liveband.learn.maxpat",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      945.0,
      780.0,
      345.0,
      90.0
     ]
    }
   },
   {
    "box": {
     "bgmode": 0,
     "border": 0,
     "enablehscroll": 0,
     "id": "obj-7",
     "maxclass": "bpatcher",
     "name": "liveband.presets.maxpat",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      945.0,
      645.0,
      345.0,
      120.0
     ]
    }
   },
   {
    "box": {
     "bgmode": 0,
     "border": 0,
     "enablehscroll": 0,
     "id": "obj-6",
     "maxclass": "bpatcher",
     "name": "liveband.meter.maxpat",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      735.0,
      645.0,
      195.0,
      195.0
     ]
    }
   },
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
      735.0,
      300.0,
      510.0,
      335.0
     ]
    }
   },
   {
    "box": {
     "bgmode": 0,
     "border": 0,
     "enablehscroll": 0,
     "id": "obj-4",
     "maxclass": "bpatcher",
     "name": "liveband.remote.maxpat",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      300.0,
      705.0,
      795.0
     ]
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
      250.0,
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
     "text": "set"
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
  "lines": [
   {
    "patchline": {
     "destination": [
      "obj-4",
      0
     ],
     "source": [
      "obj-3",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-3",
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
      "obj-5",
      0
     ],
     "source": [
      "obj-3",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-3",
      0
     ],
     "source": [
      "obj-5",
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
      "obj-3",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-3",
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
      "obj-7",
      0
     ],
     "source": [
      "obj-3",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-3",
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
      "obj-8",
      0
     ],
     "source": [
      "obj-3",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-3",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-12",
      0
     ]
    }
   }
  ],
  "openinpresentation": 0,
  "rect": [
   60.0,
   90.0,
   1305.0,
   1133.0
  ]
 }
}
