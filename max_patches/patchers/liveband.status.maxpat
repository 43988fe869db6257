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
     "id": "obj-172",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      172.0,
      201.0,
      22.0
     ],
     "text": "/liveband/get /liveband/latency"
    }
   },
   {
    "box": {
     "id": "obj-171",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      280.0,
      115.0,
      273.0,
      22.0
     ],
     "text": "/liveband/subscribe /liveband/transport 250"
    }
   },
   {
    "box": {
     "id": "obj-170",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      250.0,
      90.0,
      267.0,
      22.0
     ],
     "text": "/liveband/subscribe /liveband/status/* 250"
    }
   },
   {
    "box": {
     "id": "obj-169",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      250.0,
      38.0,
      45.0,
      22.0
     ],
     "text": "1"
    }
   },
   {
    "box": {
     "id": "obj-168",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      250.0,
      15.0,
      71.0,
      22.0
     ],
     "text": "loadbang"
    }
   },
   {
    "box": {
     "id": "obj-167",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      250.0,
      60.0,
      85.0,
      22.0
     ],
     "text": "metro 2000"
    }
   },
   {
    "box": {
     "id": "obj-166",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      994.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-165",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      994.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-164",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      974.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      300.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-163",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      954.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      300.0,
      100.0,
      18.0
     ],
     "text": "groove",
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
     "id": "obj-162",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      932.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-161",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      932.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-160",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      912.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      280.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-159",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      892.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      280.0,
      100.0,
      18.0
     ],
     "text": "seed",
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
     "id": "obj-158",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      870.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-157",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      870.0,
      71.0,
      22.0
     ],
     "text": "zl nth 2"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-156",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      850.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      260.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-155",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      830.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      260.0,
      100.0,
      18.0
     ],
     "text": "modified",
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
     "id": "obj-154",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      808.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-153",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      808.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-152",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      788.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      240.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-151",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      768.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      240.0,
      100.0,
      18.0
     ],
     "text": "name",
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
     "id": "obj-150",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      746.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-149",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      746.0,
      71.0,
      22.0
     ],
     "text": "zl nth 8"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-148",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      726.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      220.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-147",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      706.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      220.0,
      100.0,
      18.0
     ],
     "text": "confidence",
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
     "id": "obj-146",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      684.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-145",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      684.0,
      71.0,
      22.0
     ],
     "text": "zl nth 7"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-144",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      664.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      200.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-143",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      644.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      200.0,
      100.0,
      18.0
     ],
     "text": "bar",
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
     "id": "obj-142",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      622.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-141",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      622.0,
      71.0,
      22.0
     ],
     "text": "zl nth 6"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-140",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      602.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      180.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-139",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      582.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      180.0,
      100.0,
      18.0
     ],
     "text": "source",
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
     "id": "obj-138",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      560.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-137",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      560.0,
      71.0,
      22.0
     ],
     "text": "zl nth 5"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-136",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      540.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      160.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-135",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      520.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      160.0,
      100.0,
      18.0
     ],
     "text": "beats per bar",
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
     "id": "obj-134",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      498.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-133",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      498.0,
      71.0,
      22.0
     ],
     "text": "zl nth 4"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-132",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      478.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      140.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-131",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      458.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      140.0,
      100.0,
      18.0
     ],
     "text": "phase",
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
     "id": "obj-130",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      436.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-129",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      436.0,
      71.0,
      22.0
     ],
     "text": "zl nth 3"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-128",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      416.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      120.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-127",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      396.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      120.0,
      100.0,
      18.0
     ],
     "text": "beat",
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
     "id": "obj-126",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      374.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-125",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      374.0,
      71.0,
      22.0
     ],
     "text": "zl nth 2"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-124",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      354.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      100.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-123",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      334.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      100.0,
      100.0,
      18.0
     ],
     "text": "tempo bpm",
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
     "id": "obj-122",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      312.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-121",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      312.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-120",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      292.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      80.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-119",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      272.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      80.0,
      100.0,
      18.0
     ],
     "text": "rolling",
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
     "id": "obj-118",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      250.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-117",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      510.0,
      250.0,
      71.0,
      22.0
     ],
     "text": "zl nth 9"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-116",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      445.0,
      60.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-115",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      510.0,
      210.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      345.0,
      60.0,
      100.0,
      18.0
     ],
     "text": "loop",
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
     "id": "obj-114",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      994.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-113",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      994.0,
      71.0,
      22.0
     ],
     "text": "zl nth 8"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-112",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      974.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      300.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-111",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      954.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      300.0,
      100.0,
      18.0
     ],
     "text": "safety",
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
     "id": "obj-110",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      932.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-109",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      932.0,
      71.0,
      22.0
     ],
     "text": "zl nth 7"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-108",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      912.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      280.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-107",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      892.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      280.0,
      100.0,
      18.0
     ],
     "text": "anticipation s",
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
     "id": "obj-106",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      870.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-105",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      870.0,
      71.0,
      22.0
     ],
     "text": "zl nth 6"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-104",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      850.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      260.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-103",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      830.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      260.0,
      100.0,
      18.0
     ],
     "text": "overlap",
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
     "id": "obj-102",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      808.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-101",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      808.0,
      71.0,
      22.0
     ],
     "text": "zl nth 5"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-100",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      788.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      240.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-99",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      768.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      240.0,
      100.0,
      18.0
     ],
     "text": "inference",
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
     "id": "obj-98",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      746.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-97",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      746.0,
      71.0,
      22.0
     ],
     "text": "zl nth 4"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-96",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      726.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      220.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-95",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      706.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      220.0,
      100.0,
      18.0
     ],
     "text": "adaptation",
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
     "id": "obj-94",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      684.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-93",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      684.0,
      71.0,
      22.0
     ],
     "text": "zl nth 3"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-92",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      664.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      200.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-91",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      644.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      200.0,
      100.0,
      18.0
     ],
     "text": "resampler",
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
     "id": "obj-90",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      622.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-89",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      622.0,
      71.0,
      22.0
     ],
     "text": "zl nth 2"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-88",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      602.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      180.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-87",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      582.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      180.0,
      100.0,
      18.0
     ],
     "text": "musical",
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
     "id": "obj-86",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      560.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-85",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      560.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-84",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      540.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      160.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-83",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      520.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      160.0,
      100.0,
      18.0
     ],
     "text": "causal",
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
     "id": "obj-82",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      498.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-81",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      498.0,
      71.0,
      22.0
     ],
     "text": "zl nth 7"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-80",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      478.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      140.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-79",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      458.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      140.0,
      100.0,
      18.0
     ],
     "text": "backend",
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
     "id": "obj-78",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      436.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-77",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      436.0,
      71.0,
      22.0
     ],
     "text": "zl nth 6"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-76",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      416.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      120.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-75",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      396.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      120.0,
      100.0,
      18.0
     ],
     "text": "realtime",
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
     "id": "obj-74",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      374.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-73",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      374.0,
      71.0,
      22.0
     ],
     "text": "zl nth 5"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-72",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      354.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      100.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-71",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      334.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      100.0,
      100.0,
      18.0
     ],
     "text": "freewheel",
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
     "id": "obj-70",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      312.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-69",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      312.0,
      71.0,
      22.0
     ],
     "text": "zl nth 4"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-68",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      292.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      80.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-67",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      272.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      80.0,
      100.0,
      18.0
     ],
     "text": "model hop",
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
     "id": "obj-66",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      360.0,
      250.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-65",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      270.0,
      250.0,
      71.0,
      22.0
     ],
     "text": "zl nth 3"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-64",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      280.0,
      60.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-63",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      270.0,
      210.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      60.0,
      100.0,
      18.0
     ],
     "text": "model rate",
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
     "id": "obj-62",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      970.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-61",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      1032.0,
      71.0,
      22.0
     ],
     "text": "zl nth 2"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-60",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      1012.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      300.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-59",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      992.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      300.0,
      100.0,
      18.0
     ],
     "text": "block",
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
     "id": "obj-58",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      892.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-57",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      970.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-56",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      950.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      280.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-55",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      930.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      280.0,
      100.0,
      18.0
     ],
     "text": "rate",
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
     "id": "obj-54",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      870.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-53",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      870.0,
      78.0,
      22.0
     ],
     "text": "zl nth 11"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-52",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      850.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      260.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-51",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      830.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      260.0,
      100.0,
      18.0
     ],
     "text": "step max ms",
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
     "id": "obj-50",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      808.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-49",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      808.0,
      78.0,
      22.0
     ],
     "text": "zl nth 10"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-48",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      788.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      240.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-47",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      768.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      240.0,
      100.0,
      18.0
     ],
     "text": "step p99 ms",
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
     "id": "obj-46",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      746.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-45",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      746.0,
      71.0,
      22.0
     ],
     "text": "zl nth 9"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-44",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      726.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      220.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-43",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      706.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      220.0,
      100.0,
      18.0
     ],
     "text": "step mean ms",
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
     "id": "obj-42",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      684.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-41",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      684.0,
      71.0,
      22.0
     ],
     "text": "zl nth 8"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-40",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      664.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      200.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-39",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      644.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      200.0,
      100.0,
      18.0
     ],
     "text": "rtf",
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
     "id": "obj-38",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      622.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-37",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      622.0,
      71.0,
      22.0
     ],
     "text": "zl nth 7"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-36",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      602.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      180.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-35",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      582.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      180.0,
      100.0,
      18.0
     ],
     "text": "restarts",
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
     "id": "obj-34",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      560.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-33",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      560.0,
      71.0,
      22.0
     ],
     "text": "zl nth 6"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-32",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      540.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      160.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-31",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      520.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      160.0,
      100.0,
      18.0
     ],
     "text": "skipped hops",
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
     "id": "obj-30",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      498.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-29",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      498.0,
      71.0,
      22.0
     ],
     "text": "zl nth 5"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-28",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      478.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      140.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-27",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      458.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      140.0,
      100.0,
      18.0
     ],
     "text": "late hops",
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
     "id": "obj-26",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      436.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-25",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      436.0,
      71.0,
      22.0
     ],
     "text": "zl nth 4"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-24",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      416.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      120.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-23",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      396.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      120.0,
      100.0,
      18.0
     ],
     "text": "hops",
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
     "id": "obj-22",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      374.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-21",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      374.0,
      71.0,
      22.0
     ],
     "text": "zl nth 3"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-20",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      354.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      100.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-19",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      334.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      100.0,
      100.0,
      18.0
     ],
     "text": "underruns",
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
     "id": "obj-18",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      312.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-17",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      312.0,
      71.0,
      22.0
     ],
     "text": "zl nth 2"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-16",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      292.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      80.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-15",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      272.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      80.0,
      100.0,
      18.0
     ],
     "text": "xruns",
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
     "id": "obj-14",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      250.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-13",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      250.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-12",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      115.0,
      60.0,
      60.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-11",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      210.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      60.0,
      100.0,
      18.0
     ],
     "text": "cycles",
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
     "id": "obj-10",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 8,
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      150.0,
      1086.0,
      22.0
     ],
     "text": "route /liveband/status/engine /liveband/status/audio /liveband/latency /liveband/transport /liveband/preset /liveband/seed/actual /liveband/groove/actual"
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
      690.0,
      60.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-8",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      110.0,
      71.0,
      22.0
     ],
     "text": "zl nth 2"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-7",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      520.0,
      90.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      20.0,
      345.0,
      18.0
     ],
     "text": "",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
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
      400.0,
      60.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "fontsize": 16.0,
     "id": "obj-5",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      520.0,
      60.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      15.0,
      120.0,
      24.0
     ],
     "text": "offline",
     "textcolor": [
      0.9255,
      0.9373,
      0.9569,
      1.0
     ]
    }
   },
   {
    "box": {
     "id": "obj-4",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "patching_rect": [
      400.0,
      30.0,
      309.0,
      22.0
     ],
     "text": "route /liveband.osc/state /liveband/status"
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
      510.0,
      335.0
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
      "obj-6",
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
      "obj-6",
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
      "obj-4",
      1
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
      "obj-8",
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
      "obj-9",
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
      "obj-2",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-13",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-14",
      0
     ],
     "source": [
      "obj-13",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-12",
      0
     ],
     "source": [
      "obj-14",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-17",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-18",
      0
     ],
     "source": [
      "obj-17",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-16",
      0
     ],
     "source": [
      "obj-18",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-21",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-22",
      0
     ],
     "source": [
      "obj-21",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-20",
      0
     ],
     "source": [
      "obj-22",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-25",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-26",
      0
     ],
     "source": [
      "obj-25",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-24",
      0
     ],
     "source": [
      "obj-26",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-29",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-30",
      0
     ],
     "source": [
      "obj-29",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-28",
      0
     ],
     "source": [
      "obj-30",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-33",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-34",
      0
     ],
     "source": [
      "obj-33",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-32",
      0
     ],
     "source": [
      "obj-34",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-37",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-38",
      0
     ],
     "source": [
      "obj-37",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-36",
      0
     ],
     "source": [
      "obj-38",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-41",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-42",
      0
     ],
     "source": [
      "obj-41",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-40",
      0
     ],
     "source": [
      "obj-42",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-45",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-46",
      0
     ],
     "source": [
      "obj-45",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-44",
      0
     ],
     "source": [
      "obj-46",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-49",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-50",
      0
     ],
     "source": [
      "obj-49",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-48",
      0
     ],
     "source": [
      "obj-50",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-53",
      0
     ],
     "source": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-54",
      0
     ],
     "source": [
      "obj-53",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-52",
      0
     ],
     "source": [
      "obj-54",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-57",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-58",
      0
     ],
     "source": [
      "obj-57",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-56",
      0
     ],
     "source": [
      "obj-58",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-61",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-62",
      0
     ],
     "source": [
      "obj-61",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-60",
      0
     ],
     "source": [
      "obj-62",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-65",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-66",
      0
     ],
     "source": [
      "obj-65",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-64",
      0
     ],
     "source": [
      "obj-66",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-69",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-70",
      0
     ],
     "source": [
      "obj-69",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-68",
      0
     ],
     "source": [
      "obj-70",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-73",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-74",
      0
     ],
     "source": [
      "obj-73",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-72",
      0
     ],
     "source": [
      "obj-74",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-77",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-78",
      0
     ],
     "source": [
      "obj-77",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-76",
      0
     ],
     "source": [
      "obj-78",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-81",
      0
     ],
     "source": [
      "obj-10",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-82",
      0
     ],
     "source": [
      "obj-81",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-80",
      0
     ],
     "source": [
      "obj-82",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-85",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-86",
      0
     ],
     "source": [
      "obj-85",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-84",
      0
     ],
     "source": [
      "obj-86",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-89",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-90",
      0
     ],
     "source": [
      "obj-89",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-88",
      0
     ],
     "source": [
      "obj-90",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-93",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-94",
      0
     ],
     "source": [
      "obj-93",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-92",
      0
     ],
     "source": [
      "obj-94",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-97",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-98",
      0
     ],
     "source": [
      "obj-97",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-96",
      0
     ],
     "source": [
      "obj-98",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-101",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-102",
      0
     ],
     "source": [
      "obj-101",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-100",
      0
     ],
     "source": [
      "obj-102",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-105",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-106",
      0
     ],
     "source": [
      "obj-105",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-104",
      0
     ],
     "source": [
      "obj-106",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-109",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-110",
      0
     ],
     "source": [
      "obj-109",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-108",
      0
     ],
     "source": [
      "obj-110",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-113",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-114",
      0
     ],
     "source": [
      "obj-113",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-112",
      0
     ],
     "source": [
      "obj-114",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-117",
      0
     ],
     "source": [
      "obj-10",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-118",
      0
     ],
     "source": [
      "obj-117",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-116",
      0
     ],
     "source": [
      "obj-118",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-121",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-122",
      0
     ],
     "source": [
      "obj-121",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-120",
      0
     ],
     "source": [
      "obj-122",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-125",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-126",
      0
     ],
     "source": [
      "obj-125",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-124",
      0
     ],
     "source": [
      "obj-126",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-129",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-130",
      0
     ],
     "source": [
      "obj-129",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-128",
      0
     ],
     "source": [
      "obj-130",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-133",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-134",
      0
     ],
     "source": [
      "obj-133",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-132",
      0
     ],
     "source": [
      "obj-134",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-137",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-138",
      0
     ],
     "source": [
      "obj-137",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-136",
      0
     ],
     "source": [
      "obj-138",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-141",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-142",
      0
     ],
     "source": [
      "obj-141",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-140",
      0
     ],
     "source": [
      "obj-142",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-145",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-146",
      0
     ],
     "source": [
      "obj-145",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-144",
      0
     ],
     "source": [
      "obj-146",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-149",
      0
     ],
     "source": [
      "obj-10",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-150",
      0
     ],
     "source": [
      "obj-149",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-148",
      0
     ],
     "source": [
      "obj-150",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-153",
      0
     ],
     "source": [
      "obj-10",
      4
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-154",
      0
     ],
     "source": [
      "obj-153",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-152",
      0
     ],
     "source": [
      "obj-154",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-157",
      0
     ],
     "source": [
      "obj-10",
      4
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-158",
      0
     ],
     "source": [
      "obj-157",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-156",
      0
     ],
     "source": [
      "obj-158",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-161",
      0
     ],
     "source": [
      "obj-10",
      5
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-162",
      0
     ],
     "source": [
      "obj-161",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-160",
      0
     ],
     "source": [
      "obj-162",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-165",
      0
     ],
     "source": [
      "obj-10",
      6
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-166",
      0
     ],
     "source": [
      "obj-165",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-164",
      0
     ],
     "source": [
      "obj-166",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-169",
      0
     ],
     "source": [
      "obj-168",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-167",
      0
     ],
     "source": [
      "obj-169",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-170",
      0
     ],
     "source": [
      "obj-167",
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
      "obj-170",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-171",
      0
     ],
     "source": [
      "obj-167",
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
      "obj-171",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-172",
      0
     ],
     "source": [
      "obj-167",
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
      "obj-172",
      0
     ]
    }
   }
  ],
  "openinpresentation": 1,
  "rect": [
   60.0,
   90.0,
   1131.0,
   1069.0
  ]
 }
}
