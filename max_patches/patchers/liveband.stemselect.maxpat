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
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      400.0,
      110.0,
      183.0,
      22.0
     ],
     "text": "prepend _parameter_range"
    }
   },
   {
    "box": {
     "id": "obj-9",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      400.0,
      75.0,
      162.0,
      22.0
     ],
     "text": "route /liveband/stems"
    }
   },
   {
    "box": {
     "id": "obj-8",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      240.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/stem"
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
      30.0,
      200.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.949,
      0.6392,
      0.2275,
      1.0
     ],
     "annotation": "Instrument to play; the sound glides over within a hop.",
     "hint": "Instrument to play; the sound glides over within a hop.",
     "id": "obj-6",
     "maxclass": "live.tab",
     "num_lines_patching": 1,
     "num_lines_presentation": 1,
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      180.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      17.0,
      28.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Stem",
       "parameter_enum": [
        "drums",
        "bass",
        "guitar",
        "piano",
        "strings",
        "lead",
        "other"
       ],
       "parameter_info": "Instrument to play; the sound glides over within a hop",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Stem",
       "parameter_mmax": 6,
       "parameter_shortname": "Stem",
       "parameter_type": 2
      }
     },
     "taborder": 1,
     "varname": "stem"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-5",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      160.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      8.0,
      300.0,
      18.0
     ],
     "text": "Stem",
     "textcolor": [
      0.6039,
      0.6392,
      0.698,
      1.0
     ]
    }
   },
   {
    "box": {
     "id": "obj-4",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      75.0,
      155.0,
      22.0
     ],
     "text": "route /liveband/stem"
    }
   },
   {
    "box": {
     "comment": "to liveband.osc",
     "id": "obj-3",
     "index": 1,
     "maxclass": "outlet",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      900.0,
      30.0,
      30.0
     ]
    }
   },
   {
    "box": {
     "comment": "what liveband.osc says",
     "id": "obj-2",
     "index": 1,
     "maxclass": "inlet",
     "numinlets": 0,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      30.0,
      30.0,
      30.0
     ]
    }
   },
   {
    "box": {
     "background": 1,
     "bgcolor": [
      0.1098,
      0.1216,
      0.149,
      1.0
     ],
     "id": "obj-1",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      840.0,
      30.0,
      45.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      0.0,
      0.0,
      330.0,
      60.0
     ],
     "rounded": 0
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
      "obj-2",
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
      "obj-4",
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
      "obj-8",
      0
     ],
     "source": [
      "obj-6",
      1
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
      "obj-9",
      0
     ],
     "source": [
      "obj-2",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-10",
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
  "openinpresentation": 1,
  "rect": [
   60.0,
   90.0,
   900.0,
   945.0
  ]
 }
}
