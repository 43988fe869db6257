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
     "bgmode": 0,
     "border": 0,
     "enablehscroll": 0,
     "id": "obj-3",
     "maxclass": "bpatcher",
     "name": "liveband.remote.maxpat",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      60.0,
      300.0,
      300.0
     ],
     "presentation": 1,
     "presentation_rect": [
      0.0,
      0.0,
      705.0,
      795.0
     ]
    }
   },
   {
    "box": {
     "id": "obj-2",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      30.0,
      99.0,
      22.0
     ],
     "text": "liveband.osc"
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
      705.0,
      795.0
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
      "obj-3",
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
      "obj-2",
      0
     ],
     "source": [
      "obj-3",
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
   795.0
  ]
 }
}
