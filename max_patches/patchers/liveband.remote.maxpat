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
     "id": "obj-125",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1290.0,
      211.0,
      22.0
     ],
     "text": "prepend /liveband/midi/clock"
    }
   },
   {
    "box": {
     "id": "obj-124",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1200.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.702,
      0.6157,
      0.8588,
      1.0
     ],
     "annotation": "Send MIDI clock, start, stop and song position of the beat in force.",
     "hint": "Send MIDI clock, start, stop and song position of the beat in force.",
     "id": "obj-123",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      1230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      452.0,
      617.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "MIDI Clock",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Send MIDI clock, start, stop and song position of the beat in force",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "MIDI Clock",
       "parameter_mmax": 1,
       "parameter_shortname": "MIDI Clock",
       "parameter_type": 2
      }
     },
     "taborder": 31,
     "text": "MIDI Clock",
     "texton": "MIDI Clock",
     "varname": "midi_clock"
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
      225.0,
      1312.0,
      232.0,
      22.0
     ],
     "text": "prepend /liveband/midi/feedback"
    }
   },
   {
    "box": {
     "id": "obj-121",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1200.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.702,
      0.6157,
      0.8588,
      1.0
     ],
     "annotation": "Show values on MIDI controllers.",
     "hint": "Show values on MIDI controllers.",
     "id": "obj-120",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      225.0,
      1230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      617.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "MIDI Feedback",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Show values on MIDI controllers",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "MIDI Feedback",
       "parameter_mmax": 1,
       "parameter_shortname": "Feedback",
       "parameter_type": 2
      }
     },
     "taborder": 30,
     "text": "Feedback",
     "texton": "Feedback",
     "varname": "midi_feedback"
    }
   },
   {
    "box": {
     "id": "obj-119",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1290.0,
      225.0,
      22.0
     ],
     "text": "prepend /liveband/midi/channel"
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
      30.0,
      1250.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.702,
      0.6157,
      0.8588,
      1.0
     ],
     "annotation": "MIDI channel to listen to; 0 is all.",
     "hint": "MIDI channel to listen to; 0 is all.",
     "id": "obj-117",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      1230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      575.0,
      71.0,
      18.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "MIDI Channel",
       "parameter_info": "MIDI channel to listen to; 0 is all",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "MIDI Channel",
       "parameter_mmax": 16,
       "parameter_mmin": 0,
       "parameter_shortname": "MIDI Channel",
       "parameter_type": 1,
       "parameter_unitstyle": 0
      }
     },
     "taborder": 29,
     "varname": "midi_channel"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-116",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      1210.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      555.0,
      75.0,
      18.0
     ],
     "text": "MIDI Channel",
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
     "id": "obj-115",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1162.0,
      218.0,
      22.0
     ],
     "text": "prepend /liveband/autoconnect"
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
      615.0,
      1100.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.702,
      0.6157,
      0.8588,
      1.0
     ],
     "annotation": "Connect ports by rule as they appear, and make remembered wires again.",
     "hint": "Connect ports by rule as they appear, and make remembered wires again.",
     "id": "obj-113",
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
      615.0,
      1080.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      515.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Autoconnect",
       "parameter_enum": [
        "off",
        "rules"
       ],
       "parameter_info": "Connect ports by rule as they appear, and make remembered wires again",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Autoconnect",
       "parameter_mmax": 1,
       "parameter_shortname": "Autoconnect",
       "parameter_type": 2
      }
     },
     "taborder": 28,
     "varname": "autoconnect"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-112",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      615.0,
      1060.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      495.0,
      300.0,
      18.0
     ],
     "text": "Autoconnect",
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
     "id": "obj-111",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1140.0,
      232.0,
      22.0
     ],
     "text": "prepend /liveband/midi/takeover"
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
      420.0,
      1100.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.702,
      0.6157,
      0.8588,
      1.0
     ],
     "annotation": "What a MIDI controller does while the control is somewhere else.",
     "hint": "What a MIDI controller does while the control is somewhere else.",
     "id": "obj-109",
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
      420.0,
      1080.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      470.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "MIDI Takeover",
       "parameter_enum": [
        "jump",
        "pickup",
        "scale"
       ],
       "parameter_info": "What a MIDI controller does while the control is somewhere else",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "MIDI Takeover",
       "parameter_mmax": 2,
       "parameter_shortname": "Takeover",
       "parameter_type": 2
      }
     },
     "taborder": 27,
     "varname": "midi_takeover"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-108",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      420.0,
      1060.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      450.0,
      300.0,
      18.0
     ],
     "text": "MIDI Takeover",
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
     "id": "obj-107",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1165.0,
      123.0,
      22.0
     ],
     "text": "/liveband/reseed 1"
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
      225.0,
      1140.0,
      45.0,
      22.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Draw a new seed now, without forgetting what was heard.",
     "hint": "Draw a new seed now, without forgetting what was heard.",
     "id": "obj-105",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      225.0,
      1080.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      497.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Reseed",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Draw a new seed now, without forgetting what was heard",
       "parameter_invisible": 1,
       "parameter_longname": "Reseed",
       "parameter_mmax": 1,
       "parameter_shortname": "Reseed",
       "parameter_type": 2
      }
     },
     "taborder": 26,
     "text": "Reseed",
     "texton": "Reseed",
     "varname": "reseed"
    }
   },
   {
    "box": {
     "id": "obj-104",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1140.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/seed"
    }
   },
   {
    "box": {
     "id": "obj-103",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1100.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Names the take: same seed, same mix, same stem; -1 draws one at each reset.",
     "hint": "Names the take: same seed, same mix, same stem; -1 draws one at each reset.",
     "id": "obj-102",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      1080.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      455.0,
      71.0,
      18.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Seed",
       "parameter_info": "Names the take: same seed, same mix, same stem; -1 draws one at each reset",
       "parameter_initial": [
        -1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Seed",
       "parameter_mmax": 2147483647,
       "parameter_mmin": -1,
       "parameter_shortname": "Seed",
       "parameter_type": 0,
       "parameter_unitstyle": 0
      }
     },
     "taborder": 25,
     "varname": "seed"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-101",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      1060.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      435.0,
      75.0,
      18.0
     ],
     "text": "Seed",
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
     "id": "obj-100",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      990.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/fade"
    }
   },
   {
    "box": {
     "id": "obj-99",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      908.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Length of the fade at enable and where anticipation moves the stem in time.",
     "hint": "Length of the fade at enable and where anticipation moves the stem in time.",
     "id": "obj-98",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      615.0,
      930.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      257.0,
      377.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Fade",
       "parameter_info": "Length of the fade at enable and where anticipation moves the stem in time",
       "parameter_initial": [
        20.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Fade",
       "parameter_mmax": 2000.0,
       "parameter_mmin": 0.0,
       "parameter_shortname": "Fade",
       "parameter_type": 0,
       "parameter_unitstyle": 2
      }
     },
     "taborder": 24,
     "varname": "fade"
    }
   },
   {
    "box": {
     "id": "obj-97",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1012.0,
      176.0,
      22.0
     ],
     "text": "prepend /liveband/noise"
    }
   },
   {
    "box": {
     "id": "obj-96",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      900.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "How freely it plays; 0 is the most predictable take.",
     "hint": "How freely it plays; 0 is the most predictable take.",
     "id": "obj-95",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      930.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      182.0,
      377.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Noise",
       "parameter_info": "How freely it plays; 0 is the most predictable take",
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Noise",
       "parameter_mmax": 2.0,
       "parameter_mmin": 0.0,
       "parameter_shortname": "Noise",
       "parameter_type": 0,
       "parameter_unitstyle": 1
      }
     },
     "taborder": 23,
     "varname": "noise"
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
      225.0,
      990.0,
      197.0,
      22.0
     ],
     "text": "prepend /liveband/gain/out"
    }
   },
   {
    "box": {
     "id": "obj-93",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      900.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Level of the stem; -60 is off.",
     "hint": "Level of the stem; -60 is off.",
     "id": "obj-92",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      225.0,
      930.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      107.0,
      377.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Gain Out",
       "parameter_info": "Level of the stem; -60 is off",
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Gain Out",
       "parameter_mmax": 12.0,
       "parameter_mmin": -60.0,
       "parameter_shortname": "Gain Out",
       "parameter_type": 0,
       "parameter_unitstyle": 4
      }
     },
     "taborder": 22,
     "varname": "gain_out"
    }
   },
   {
    "box": {
     "id": "obj-91",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1000.0,
      190.0,
      22.0
     ],
     "text": "prepend /liveband/gain/in"
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
      30.0,
      978.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Level of the mix as the model hears it; -60 is off.",
     "hint": "Level of the mix as the model hears it; -60 is off.",
     "id": "obj-89",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      930.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      377.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Gain In",
       "parameter_info": "Level of the mix as the model hears it; -60 is off",
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Gain In",
       "parameter_mmax": 12.0,
       "parameter_mmin": -60.0,
       "parameter_shortname": "Gain In",
       "parameter_type": 0,
       "parameter_unitstyle": 4
      }
     },
     "taborder": 21,
     "varname": "gain_in"
    }
   },
   {
    "box": {
     "id": "obj-88",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      885.0,
      105.0,
      22.0
     ],
     "text": "/liveband/tap 1"
    }
   },
   {
    "box": {
     "id": "obj-87",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      862.0,
      45.0,
      22.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "A beat, now: the first tap is the one of the bar, further ones set the tempo.",
     "hint": "A beat, now: the first tap is the one of the bar, further ones set the tempo.",
     "id": "obj-86",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      615.0,
      780.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      527.0,
      362.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Tap",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "A beat, now: the first tap is the one of the bar, further ones set the tempo",
       "parameter_invisible": 1,
       "parameter_longname": "Tap",
       "parameter_mmax": 1,
       "parameter_shortname": "Tap",
       "parameter_type": 2
      }
     },
     "taborder": 20,
     "text": "Tap",
     "texton": "Tap",
     "varname": "tap"
    }
   },
   {
    "box": {
     "id": "obj-85",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      840.0,
      225.0,
      22.0
     ],
     "text": "prepend /liveband/latency/loop"
    }
   },
   {
    "box": {
     "id": "obj-84",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      750.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "The output returns to the program the mix comes from: play a block earlier.",
     "hint": "The output returns to the program the mix comes from: play a block earlier.",
     "id": "obj-83",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      780.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      452.0,
      362.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Latency Loop",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "The output returns to the program the mix comes from: play a block earlier",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Latency Loop",
       "parameter_mmax": 1,
       "parameter_shortname": "Latency Loop",
       "parameter_type": 2
      }
     },
     "taborder": 19,
     "text": "Latency Loop",
     "texton": "Latency Loop",
     "varname": "latency_loop"
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
      225.0,
      862.0,
      253.0,
      22.0
     ],
     "text": "prepend /liveband/transport/follow"
    }
   },
   {
    "box": {
     "id": "obj-81",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      750.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "Play only while the transport rolls.",
     "hint": "Play only while the transport rolls.",
     "id": "obj-80",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      225.0,
      780.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      362.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Transport Follow",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Play only while the transport rolls",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Transport Follow",
       "parameter_mmax": 1,
       "parameter_shortname": "Follow",
       "parameter_type": 2
      }
     },
     "taborder": 18,
     "text": "Follow",
     "texton": "Follow",
     "varname": "transport_follow"
    }
   },
   {
    "box": {
     "id": "obj-79",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      840.0,
      246.0,
      22.0
     ],
     "text": "prepend /liveband/transport/beats"
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
      30.0,
      800.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "Beats in a bar where the transport tells none.",
     "hint": "Beats in a bar where the transport tells none.",
     "id": "obj-77",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      780.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      452.0,
      305.0,
      71.0,
      18.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Transport Beats",
       "parameter_info": "Beats in a bar where the transport tells none",
       "parameter_initial": [
        4
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Transport Beats",
       "parameter_mmax": 16,
       "parameter_mmin": 1,
       "parameter_shortname": "Beats",
       "parameter_type": 1,
       "parameter_unitstyle": 0
      }
     },
     "taborder": 17,
     "varname": "transport_beats"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-76",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      760.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      450.0,
      285.0,
      75.0,
      18.0
     ],
     "text": "Beats",
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
     "id": "obj-75",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      690.0,
      176.0,
      22.0
     ],
     "text": "prepend /liveband/tempo"
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
      615.0,
      600.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "Tempo where the transport tells none.",
     "hint": "Tempo where the transport tells none.",
     "id": "obj-73",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      615.0,
      630.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      287.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Tempo",
       "parameter_info": "Tempo where the transport tells none",
       "parameter_initial": [
        120.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Tempo",
       "parameter_mmax": 300.0,
       "parameter_mmin": 20.0,
       "parameter_shortname": "Tempo",
       "parameter_type": 0,
       "parameter_units": "%.1f bpm",
       "parameter_unitstyle": 9
      }
     },
     "taborder": 16,
     "varname": "tempo"
    }
   },
   {
    "box": {
     "id": "obj-72",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      690.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/groove"
    }
   },
   {
    "box": {
     "id": "obj-71",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      650.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "Feel to play with; which there are is the checkpoint's to say.",
     "hint": "Feel to play with; which there are is the checkpoint's to say.",
     "id": "obj-70",
     "maxclass": "live.menu",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      630.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      245.0,
      146.0,
      18.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Groove",
       "parameter_enum": [
        "any"
       ],
       "parameter_info": "Feel to play with; which there are is the checkpoint's to say",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Groove",
       "parameter_mmax": 0,
       "parameter_shortname": "Groove",
       "parameter_type": 2
      }
     },
     "taborder": 15,
     "varname": "groove"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-69",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      420.0,
      610.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      225.0,
      150.0,
      18.0
     ],
     "text": "Groove",
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
     "id": "obj-68",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      712.0,
      197.0,
      22.0
     ],
     "text": "prepend /liveband/quantize"
    }
   },
   {
    "box": {
     "id": "obj-67",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      650.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "What `stem`, `reset`, `freeze` and presets wait for while the beat goes on.",
     "hint": "What `stem`, `reset`, `freeze` and presets wait for while the beat goes on.",
     "id": "obj-66",
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
      225.0,
      630.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      200.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Quantize",
       "parameter_enum": [
        "off",
        "hop",
        "beat",
        "bar"
       ],
       "parameter_info": "What `stem`, `reset`, `freeze` and presets wait for while the beat goes on",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Quantize",
       "parameter_mmax": 3,
       "parameter_shortname": "Quantize",
       "parameter_type": 2
      }
     },
     "taborder": 14,
     "varname": "quantize"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-65",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      225.0,
      610.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      180.0,
      300.0,
      18.0
     ],
     "text": "Quantize",
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
     "id": "obj-64",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      690.0,
      267.0,
      22.0
     ],
     "text": "prepend /liveband/transport/reset_on"
    }
   },
   {
    "box": {
     "id": "obj-63",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      650.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "Reset when the transport starts, is moved to another place, or either.",
     "hint": "Reset when the transport starts, is moved to another place, or either.",
     "id": "obj-62",
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
      630.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      155.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Transport Reset On",
       "parameter_enum": [
        "never",
        "start",
        "locate",
        "both"
       ],
       "parameter_info": "Reset when the transport starts, is moved to another place, or either",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Transport Reset On",
       "parameter_mmax": 3,
       "parameter_shortname": "Reset On",
       "parameter_type": 2
      }
     },
     "taborder": 13,
     "varname": "transport_reset_on"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-61",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      30.0,
      610.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      135.0,
      300.0,
      18.0
     ],
     "text": "Transport Reset On",
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
     "id": "obj-60",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      540.0,
      253.0,
      22.0
     ],
     "text": "prepend /liveband/transport/source"
    }
   },
   {
    "box": {
     "id": "obj-59",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      500.0,
      134.0,
      22.0
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ],
     "annotation": "Where the beat comes from; manual is `tempo` from the last reset or tap.",
     "hint": "Where the beat comes from; manual is `tempo` from the last reset or tap.",
     "id": "obj-58",
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
      615.0,
      480.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      110.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Transport Source",
       "parameter_enum": [
        "none",
        "jack",
        "midi",
        "manual"
       ],
       "parameter_info": "Where the beat comes from; manual is `tempo` from the last reset or tap",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Transport Source",
       "parameter_mmax": 3,
       "parameter_shortname": "Source",
       "parameter_type": 2
      }
     },
     "taborder": 12,
     "varname": "transport_source"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-57",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      615.0,
      460.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      90.0,
      300.0,
      18.0
     ],
     "text": "Transport Source",
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
     "id": "obj-56",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      565.0,
      117.0,
      22.0
     ],
     "text": "/liveband/panic 1"
    }
   },
   {
    "box": {
     "id": "obj-55",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      540.0,
      45.0,
      22.0
     ],
     "text": "t b"
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
     "annotation": "Silence within a block, then start afresh.",
     "hint": "Silence within a block, then start afresh.",
     "id": "obj-54",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      480.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      182.0,
      287.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Panic",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Silence within a block, then start afresh",
       "parameter_invisible": 1,
       "parameter_longname": "Panic",
       "parameter_mmax": 1,
       "parameter_shortname": "Panic",
       "parameter_type": 2
      }
     },
     "taborder": 11,
     "text": "Panic",
     "texton": "Panic",
     "varname": "panic"
    }
   },
   {
    "box": {
     "id": "obj-53",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      565.0,
      117.0,
      22.0
     ],
     "text": "/liveband/reset 1"
    }
   },
   {
    "box": {
     "id": "obj-52",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      540.0,
      45.0,
      22.0
     ],
     "text": "t b"
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
     "annotation": "Forget everything heard and start afresh, faded.",
     "hint": "Forget everything heard and start afresh, faded.",
     "id": "obj-51",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      225.0,
      480.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      107.0,
      287.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Reset",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Forget everything heard and start afresh, faded",
       "parameter_invisible": 1,
       "parameter_longname": "Reset",
       "parameter_mmax": 1,
       "parameter_shortname": "Reset",
       "parameter_type": 2
      }
     },
     "taborder": 10,
     "text": "Reset",
     "texton": "Reset",
     "varname": "reset"
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
      30.0,
      540.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/freeze"
    }
   },
   {
    "box": {
     "id": "obj-49",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      450.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "Play on to the last bars, over and over, and hear nothing new.",
     "hint": "Play on to the last bars, over and over, and hear nothing new.",
     "id": "obj-48",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      480.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      287.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Freeze",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Play on to the last bars, over and over, and hear nothing new",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Freeze",
       "parameter_mmax": 1,
       "parameter_shortname": "Freeze",
       "parameter_type": 2
      }
     },
     "taborder": 9,
     "text": "Freeze",
     "texton": "Freeze",
     "varname": "freeze"
    }
   },
   {
    "box": {
     "id": "obj-47",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      420.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/listen"
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
      615.0,
      300.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "Hear the mix; off gives the model silence.",
     "hint": "Hear the mix; off gives the model silence.",
     "id": "obj-45",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      615.0,
      330.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      257.0,
      257.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Listen",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Hear the mix; off gives the model silence",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Listen",
       "parameter_mmax": 1,
       "parameter_shortname": "Listen",
       "parameter_type": 2
      }
     },
     "taborder": 8,
     "text": "Listen",
     "texton": "Listen",
     "varname": "listen"
    }
   },
   {
    "box": {
     "id": "obj-44",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      420.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/mute"
    }
   },
   {
    "box": {
     "id": "obj-43",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      300.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "Silence the output; the model plays on.",
     "hint": "Silence the output; the model plays on.",
     "id": "obj-42",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      330.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      182.0,
      257.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Mute",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Silence the output; the model plays on",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Mute",
       "parameter_mmax": 1,
       "parameter_shortname": "Mute",
       "parameter_type": 2
      }
     },
     "taborder": 7,
     "text": "Mute",
     "texton": "Mute",
     "varname": "mute"
    }
   },
   {
    "box": {
     "id": "obj-41",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      420.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/bypass"
    }
   },
   {
    "box": {
     "id": "obj-40",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      300.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "Send the mix itself to the output, as late as the stem would be.",
     "hint": "Send the mix itself to the output, as late as the stem would be.",
     "id": "obj-39",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      225.0,
      330.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      107.0,
      257.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Bypass",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Send the mix itself to the output, as late as the stem would be",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Bypass",
       "parameter_mmax": 1,
       "parameter_shortname": "Bypass",
       "parameter_type": 2
      }
     },
     "taborder": 6,
     "text": "Bypass",
     "texton": "Bypass",
     "varname": "bypass"
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
      30.0,
      420.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/enable"
    }
   },
   {
    "box": {
     "id": "obj-37",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      300.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "Generate; off fades the stem out and lets the model rest.",
     "hint": "Generate; off fades the stem out and lets the model rest.",
     "id": "obj-36",
     "maxclass": "live.text",
     "mode": 1,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      30.0,
      330.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      257.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Enable",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Generate; off fades the stem out and lets the model rest",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Enable",
       "parameter_mmax": 1,
       "parameter_shortname": "Enable",
       "parameter_type": 2
      }
     },
     "taborder": 5,
     "text": "Enable",
     "texton": "Enable",
     "varname": "enable"
    }
   },
   {
    "box": {
     "id": "obj-35",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      240.0,
      197.0,
      22.0
     ],
     "text": "prepend /liveband/reset/to"
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
      615.0,
      200.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "Bank that a reset returns to; 0 is nothing heard, as is an empty one.",
     "hint": "Bank that a reset returns to; 0 is nothing heard, as is an empty one.",
     "id": "obj-33",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      615.0,
      180.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      107.0,
      215.0,
      71.0,
      18.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Reset To",
       "parameter_info": "Bank that a reset returns to; 0 is nothing heard, as is an empty one",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Reset To",
       "parameter_mmax": 8,
       "parameter_mmin": 0,
       "parameter_shortname": "Reset To",
       "parameter_type": 1,
       "parameter_unitstyle": 0
      }
     },
     "taborder": 4,
     "varname": "reset_to"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-32",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      615.0,
      160.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      105.0,
      195.0,
      75.0,
      18.0
     ],
     "text": "Reset To",
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
     "id": "obj-31",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      262.0,
      190.0,
      22.0
     ],
     "text": "prepend /liveband/players"
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
      420.0,
      200.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "How many play; each has outputs of its own, and keeps them when it leaves.",
     "hint": "How many play; each has outputs of its own, and keeps them when it leaves.",
     "id": "obj-29",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 1,
     "patching_rect": [
      420.0,
      180.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      215.0,
      71.0,
      18.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Players",
       "parameter_info": "How many play; each has outputs of its own, and keeps them when it leaves",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Players",
       "parameter_mmax": 8,
       "parameter_mmin": 1,
       "parameter_shortname": "Players",
       "parameter_type": 1,
       "parameter_unitstyle": 0
      }
     },
     "taborder": 3,
     "varname": "players"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-28",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      420.0,
      160.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      195.0,
      75.0,
      18.0
     ],
     "text": "Players",
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
     "id": "obj-27",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      240.0,
      225.0,
      22.0
     ],
     "text": "prepend /liveband/anticipation"
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
      225.0,
      125.0,
      239.0,
      22.0
     ],
     "text": "expr ($f1 > 0.05) + ($f1 > 0.55)"
    }
   },
   {
    "box": {
     "id": "obj-25",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      200.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
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
     "annotation": "How far the stem runs ahead of what was heard.",
     "hint": "How far the stem runs ahead of what was heard.",
     "id": "obj-24",
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
      225.0,
      180.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      155.0,
      296.0,
      23.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Anticipation",
       "parameter_enum": [
        "0",
        "0.1",
        "1"
       ],
       "parameter_info": "How far the stem runs ahead of what was heard",
       "parameter_initial": [
        1
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Anticipation",
       "parameter_mmax": 2,
       "parameter_shortname": "Anticipation",
       "parameter_type": 2,
       "parameter_units": "s"
      }
     },
     "taborder": 2,
     "varname": "anticipation"
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
      225.0,
      160.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      135.0,
      300.0,
      18.0
     ],
     "text": "Anticipation (s)",
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
     "id": "obj-21",
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
     "id": "obj-20",
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
      32.0,
      110.0,
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
     "id": "obj-19",
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
      30.0,
      90.0,
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
     "id": "obj-18",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 28,
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
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
      397.0,
      3823.0,
      22.0
     ],
     "text": "route /liveband/stem /liveband/anticipation /liveband/players /liveband/reset/to /liveband/enable /liveband/bypass /liveband/mute /liveband/listen /liveband/freeze /liveband/transport/source /liveband/transport/reset_on /liveband/quantize /liveband/groove /liveband/tempo /liveband/transport/beats /liveband/transport/follow /liveband/latency/loop /liveband/gain/in /liveband/gain/out /liveband/noise /liveband/fade /liveband/seed /liveband/midi/takeover /liveband/autoconnect /liveband/midi/channel /liveband/midi/feedback /liveband/midi/clock"
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-17",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      352.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      425.0,
      300.0,
      20.0
     ],
     "text": "System",
     "textcolor": [
      0.702,
      0.6157,
      0.8588,
      1.0
     ]
    }
   },
   {
    "box": {
     "background": 1,
     "bgcolor": [
      0.1647,
      0.1843,
      0.2275,
      1.0
     ],
     "id": "obj-16",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      306.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      360.0,
      420.0,
      330.0,
      240.0
     ],
     "rounded": 6
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-15",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      260.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      350.0,
      300.0,
      20.0
     ],
     "text": "Sound",
     "textcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ]
    }
   },
   {
    "box": {
     "background": 1,
     "bgcolor": [
      0.1647,
      0.1843,
      0.2275,
      1.0
     ],
     "id": "obj-14",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      214.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      345.0,
      330.0,
      195.0
     ],
     "rounded": 6
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-13",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      168.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      65.0,
      300.0,
      20.0
     ],
     "text": "Time",
     "textcolor": [
      0.3373,
      0.7137,
      0.8392,
      1.0
     ]
    }
   },
   {
    "box": {
     "background": 1,
     "bgcolor": [
      0.1647,
      0.1843,
      0.2275,
      1.0
     ],
     "id": "obj-12",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      122.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      360.0,
      60.0,
      330.0,
      345.0
     ],
     "rounded": 6
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-11",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      76.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      65.0,
      300.0,
      20.0
     ],
     "text": "Play",
     "textcolor": [
      0.949,
      0.6392,
      0.2275,
      1.0
     ]
    }
   },
   {
    "box": {
     "background": 1,
     "bgcolor": [
      0.1647,
      0.1843,
      0.2275,
      1.0
     ],
     "id": "obj-10",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      30.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      60.0,
      330.0,
      270.0
     ],
     "rounded": 6
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
      540.0,
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
      705.0,
      675.0
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
      "obj-18",
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
      "obj-21",
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
      "obj-20",
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
      "obj-22",
      0
     ],
     "source": [
      "obj-20",
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
      "obj-22",
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
      "obj-18",
      1
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
      "obj-26",
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
      "obj-25",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-27",
      0
     ],
     "source": [
      "obj-24",
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
      "obj-27",
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
      "obj-18",
      2
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
      "obj-30",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-31",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-31",
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
      "obj-18",
      3
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
      "obj-34",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-35",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-35",
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
      "obj-18",
      4
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
      "obj-37",
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
      "obj-36",
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
      "obj-38",
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
      "obj-18",
      5
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-39",
      0
     ],
     "source": [
      "obj-40",
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
      "obj-39",
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
      "obj-41",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-43",
      0
     ],
     "source": [
      "obj-18",
      6
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
      "obj-43",
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
      "obj-42",
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
      "obj-44",
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
      "obj-18",
      7
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
      "obj-46",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-47",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-47",
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
      "obj-18",
      8
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
      "obj-49",
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
      "obj-48",
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
      "obj-50",
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
      "obj-51",
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
      "obj-52",
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
      "obj-53",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-55",
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
      "obj-56",
      0
     ],
     "source": [
      "obj-55",
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
      "obj-56",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-59",
      0
     ],
     "source": [
      "obj-18",
      9
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
      "obj-59",
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
      "obj-58",
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
      "obj-60",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-63",
      0
     ],
     "source": [
      "obj-18",
      10
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
      "obj-63",
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
      "obj-62",
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
      "obj-64",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-67",
      0
     ],
     "source": [
      "obj-18",
      11
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
      "obj-67",
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
      "obj-66",
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
      "obj-68",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-71",
      0
     ],
     "source": [
      "obj-18",
      12
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
      "obj-71",
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
      "obj-70",
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
      "obj-72",
      0
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
      "obj-18",
      13
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
      "obj-74",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-75",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-75",
      0
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
      "obj-18",
      14
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
      "obj-78",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-79",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-79",
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
      "obj-18",
      15
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
      "obj-81",
      0
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
      "obj-80",
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
      "obj-82",
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
      "obj-18",
      16
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-83",
      0
     ],
     "source": [
      "obj-84",
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
      "obj-83",
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
      "obj-85",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-87",
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
      "obj-88",
      0
     ],
     "source": [
      "obj-87",
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
      "obj-88",
      0
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
      "obj-18",
      17
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
      "obj-90",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-91",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-91",
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
      "obj-18",
      18
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
      "obj-93",
      0
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
      "obj-92",
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
      "obj-94",
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
      "obj-18",
      19
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-95",
      0
     ],
     "source": [
      "obj-96",
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
      "obj-95",
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
      "obj-97",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-99",
      0
     ],
     "source": [
      "obj-18",
      20
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
      "obj-99",
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
      "obj-98",
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
      "obj-100",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-103",
      0
     ],
     "source": [
      "obj-18",
      21
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
      "obj-103",
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
      "obj-102",
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
      "obj-104",
      0
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
      "obj-107",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-107",
      0
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
      "obj-18",
      22
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
      "obj-110",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-111",
      0
     ],
     "source": [
      "obj-109",
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
      "obj-111",
      0
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
      "obj-18",
      23
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
      "obj-114",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-115",
      0
     ],
     "source": [
      "obj-113",
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
      "obj-115",
      0
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
      "obj-18",
      24
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
      "obj-118",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-119",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-119",
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
      "obj-18",
      25
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
      "obj-121",
      0
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
      "obj-120",
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
      "obj-122",
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
      "obj-18",
      26
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-123",
      0
     ],
     "source": [
      "obj-124",
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
      "obj-123",
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
      "obj-125",
      0
     ]
    }
   }
  ],
  "openinpresentation": 1,
  "rect": [
   60.0,
   90.0,
   3868.0,
   1349.0
  ]
 }
}
