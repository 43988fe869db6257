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
     "id": "obj-9",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      15.0,
      280.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
      320.0,
      480.0,
      22.0
     ],
     "text": ""
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
      240.0,
      99.0,
      22.0
     ],
     "text": "liveband.osc"
    }
   },
   {
    "box": {
     "id": "obj-6",
     "linecount": 2,
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      15.0,
      180.0,
      590.0,
      30.0
     ],
     "text": "4. If it says port busy, wait: it takes the next port by itself."
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
     "text": "3. The message box below shows what comes; the state turns to running."
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
     "text": "2. On another machine: liveband run --osc-bind 0.0.0.0, and its address as the first argument of liveband.osc."
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
     "text": "1. Start the bridge: liveband run, on this machine or another."
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
     "text": "see that somebody is there"
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
     "text": "1 connect"
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
      "obj-9",
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
      "obj-9",
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
   480.0
  ]
 }
}
