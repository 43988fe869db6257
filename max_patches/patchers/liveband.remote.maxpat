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
     "id": "obj-170",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1612.0,
      211.0,
      22.0
     ],
     "text": "prepend /liveband/midi/clock"
    }
   },
   {
    "box": {
     "id": "obj-169",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1500.0,
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
     "id": "obj-168",
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
      1530.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      107.0,
      737.0,
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
     "taborder": 38,
     "text": "MIDI Clock",
     "texton": "MIDI Clock",
     "varname": "midi_clock"
    }
   },
   {
    "box": {
     "id": "obj-167",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1590.0,
      232.0,
      22.0
     ],
     "text": "prepend /liveband/midi/feedback"
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
      30.0,
      1500.0,
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
     "id": "obj-165",
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
      1530.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      737.0,
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
     "taborder": 37,
     "text": "Feedback",
     "texton": "Feedback",
     "varname": "midi_feedback"
    }
   },
   {
    "box": {
     "id": "obj-164",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1440.0,
      225.0,
      22.0
     ],
     "text": "prepend /liveband/midi/channel"
    }
   },
   {
    "box": {
     "id": "obj-163",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1400.0,
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
     "id": "obj-162",
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
      1380.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      695.0,
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
     "taborder": 36,
     "varname": "midi_channel"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-161",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      615.0,
      1360.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      675.0,
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
     "id": "obj-160",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1462.0,
      218.0,
      22.0
     ],
     "text": "prepend /liveband/autoconnect"
    }
   },
   {
    "box": {
     "id": "obj-159",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1400.0,
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
     "id": "obj-158",
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
      1380.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      635.0,
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
     "taborder": 35,
     "varname": "autoconnect"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-157",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      420.0,
      1360.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      615.0,
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
     "id": "obj-156",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1440.0,
      232.0,
      22.0
     ],
     "text": "prepend /liveband/midi/takeover"
    }
   },
   {
    "box": {
     "id": "obj-155",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1400.0,
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
     "id": "obj-154",
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
      1380.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      590.0,
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
     "taborder": 34,
     "varname": "midi_takeover"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-153",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      225.0,
      1360.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      570.0,
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
     "id": "obj-152",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1465.0,
      123.0,
      22.0
     ],
     "text": "/liveband/reseed 1"
    }
   },
   {
    "box": {
     "id": "obj-151",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1440.0,
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
     "id": "obj-150",
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
      30.0,
      1380.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      557.0,
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
     "taborder": 33,
     "text": "Reseed",
     "texton": "Reseed",
     "varname": "reseed"
    }
   },
   {
    "box": {
     "id": "obj-149",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1290.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/seed"
    }
   },
   {
    "box": {
     "id": "obj-148",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
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
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Names the take: same seed, same mix, same stem; -1 draws one at each reset.",
     "hint": "Names the take: same seed, same mix, same stem; -1 draws one at each reset.",
     "id": "obj-147",
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
      1230.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      515.0,
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
     "taborder": 32,
     "varname": "seed"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-146",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      615.0,
      1210.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      495.0,
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
     "id": "obj-145",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1290.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/fade"
    }
   },
   {
    "box": {
     "id": "obj-144",
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
     "activedialcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "Length of the fade at enable and where anticipation moves the stem in time.",
     "hint": "Length of the fade at enable and where anticipation moves the stem in time.",
     "id": "obj-143",
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
      1230.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      602.0,
      437.0,
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
     "taborder": 31,
     "varname": "fade"
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
      225.0,
      1312.0,
      176.0,
      22.0
     ],
     "text": "prepend /liveband/noise"
    }
   },
   {
    "box": {
     "id": "obj-141",
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
     "activedialcolor": [
      0.4863,
      0.7647,
      0.4353,
      1.0
     ],
     "annotation": "How freely it plays; 0 is the most predictable take.",
     "hint": "How freely it plays; 0 is the most predictable take.",
     "id": "obj-140",
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
      1230.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      527.0,
      437.0,
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
     "taborder": 30,
     "varname": "noise"
    }
   },
   {
    "box": {
     "id": "obj-139",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1290.0,
      197.0,
      22.0
     ],
     "text": "prepend /liveband/gain/out"
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
      30.0,
      1200.0,
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
     "id": "obj-137",
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
      1230.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      452.0,
      437.0,
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
     "taborder": 29,
     "varname": "gain_out"
    }
   },
   {
    "box": {
     "id": "obj-136",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1140.0,
      190.0,
      22.0
     ],
     "text": "prepend /liveband/gain/in"
    }
   },
   {
    "box": {
     "id": "obj-135",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1058.0,
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
     "id": "obj-134",
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
      1080.0,
      44.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      437.0,
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
     "taborder": 28,
     "varname": "gain_in"
    }
   },
   {
    "box": {
     "id": "obj-133",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      1165.0,
      159.0,
      22.0
     ],
     "text": "/liveband/ear/downbeat 1"
    }
   },
   {
    "box": {
     "id": "obj-132",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
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
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "This beat is the one: the beat tracker's bar begins at the beat nearest to now.",
     "hint": "This beat is the one: the beat tracker's bar begins at the beat nearest to now.",
     "id": "obj-131",
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
      1080.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      482.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Ear Downbeat",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "This beat is the one: the beat tracker's bar begins at the beat nearest to now",
       "parameter_invisible": 1,
       "parameter_longname": "Ear Downbeat",
       "parameter_mmax": 1,
       "parameter_shortname": "Ear Downbeat",
       "parameter_type": 2
      }
     },
     "taborder": 27,
     "text": "Ear Downbeat",
     "texton": "Ear Downbeat",
     "varname": "ear_downbeat"
    }
   },
   {
    "box": {
     "id": "obj-130",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      1165.0,
      147.0,
      22.0
     ],
     "text": "/liveband/ear/double 1"
    }
   },
   {
    "box": {
     "id": "obj-129",
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
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "Count twice as fast as the beat tracker does, until the next reset.",
     "hint": "Count twice as fast as the beat tracker does, until the next reset.",
     "id": "obj-128",
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
      257.0,
      452.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Ear Double",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Count twice as fast as the beat tracker does, until the next reset",
       "parameter_invisible": 1,
       "parameter_longname": "Ear Double",
       "parameter_mmax": 1,
       "parameter_shortname": "Ear Double",
       "parameter_type": 2
      }
     },
     "taborder": 26,
     "text": "Ear Double",
     "texton": "Ear Double",
     "varname": "ear_double"
    }
   },
   {
    "box": {
     "id": "obj-127",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      1165.0,
      135.0,
      22.0
     ],
     "text": "/liveband/ear/half 1"
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
      30.0,
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
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "Count half as fast as the beat tracker does, until the next reset.",
     "hint": "Count half as fast as the beat tracker does, until the next reset.",
     "id": "obj-125",
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
      30.0,
      1080.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      182.0,
      452.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Ear Half",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Count half as fast as the beat tracker does, until the next reset",
       "parameter_invisible": 1,
       "parameter_longname": "Ear Half",
       "parameter_mmax": 1,
       "parameter_shortname": "Ear Half",
       "parameter_type": 2
      }
     },
     "taborder": 25,
     "text": "Ear Half",
     "texton": "Ear Half",
     "varname": "ear_half"
    }
   },
   {
    "box": {
     "id": "obj-124",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1035.0,
      105.0,
      22.0
     ],
     "text": "/liveband/tap 1"
    }
   },
   {
    "box": {
     "id": "obj-123",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      1012.0,
      45.0,
      22.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "A beat, now: the first tap is the one of the bar, further ones set the tempo.",
     "hint": "A beat, now: the first tap is the one of the bar, further ones set the tempo.",
     "id": "obj-122",
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
      930.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      107.0,
      452.0,
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
     "taborder": 24,
     "text": "Tap",
     "texton": "Tap",
     "varname": "tap"
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
      420.0,
      990.0,
      197.0,
      22.0
     ],
     "text": "prepend /liveband/ear/hold"
    }
   },
   {
    "box": {
     "id": "obj-120",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      906.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activebgoncolor": [
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "Keep the beat tracker's present tempo, whatever it hears.",
     "hint": "Keep the beat tracker's present tempo, whatever it hears.",
     "id": "obj-119",
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
      930.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      32.0,
      452.0,
      71.0,
      26.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Ear Hold",
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_info": "Keep the beat tracker's present tempo, whatever it hears",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Ear Hold",
       "parameter_mmax": 1,
       "parameter_shortname": "Ear Hold",
       "parameter_type": 2
      }
     },
     "taborder": 23,
     "text": "Ear Hold",
     "texton": "Ear Hold",
     "varname": "ear_hold"
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
      225.0,
      1022.0,
      218.0,
      22.0
     ],
     "text": "prepend /liveband/ear/silence"
    }
   },
   {
    "box": {
     "id": "obj-117",
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
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "How long the beat goes on through silence; then the band rests until it hears.",
     "hint": "How long the beat goes on through silence; then the band rests until it hears.",
     "id": "obj-116",
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
      257.0,
      377.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Ear Silence",
       "parameter_info": "How long the beat goes on through silence; then the band rests until it hears",
       "parameter_initial": [
        20.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Ear Silence",
       "parameter_mmax": 600.0,
       "parameter_mmin": 0.0,
       "parameter_shortname": "Ear Silence",
       "parameter_type": 0,
       "parameter_units": "%.1f s",
       "parameter_unitstyle": 9
      }
     },
     "taborder": 22,
     "varname": "ear_silence"
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
      30.0,
      1000.0,
      232.0,
      22.0
     ],
     "text": "prepend /liveband/ear/tempo/max"
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
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "Fastest tempo the beat tracker may follow.",
     "hint": "Fastest tempo the beat tracker may follow.",
     "id": "obj-113",
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
      182.0,
      377.0,
      71.0,
      56.0
     ],
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_annotation_name": "Ear Tempo Max",
       "parameter_info": "Fastest tempo the beat tracker may follow",
       "parameter_initial": [
        215.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Ear Tempo Max",
       "parameter_mmax": 215.0,
       "parameter_mmin": 55.0,
       "parameter_shortname": "Tempo Max",
       "parameter_type": 0,
       "parameter_units": "%.1f bpm",
       "parameter_unitstyle": 9
      }
     },
     "taborder": 21,
     "varname": "ear_tempo_max"
    }
   },
   {
    "box": {
     "id": "obj-112",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      850.0,
      232.0,
      22.0
     ],
     "text": "prepend /liveband/ear/tempo/min"
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
      615.0,
      828.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "Slowest tempo the beat tracker may follow; above `ear/tempo/max` the two swap.",
     "hint": "Slowest tempo the beat tracker may follow; above `ear/tempo/max` the two swap.",
     "id": "obj-110",
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
      780.0,
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
       "parameter_annotation_name": "Ear Tempo Min",
       "parameter_info": "Slowest tempo the beat tracker may follow; above `ear/tempo/max` the two swap",
       "parameter_initial": [
        55.0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Ear Tempo Min",
       "parameter_mmax": 215.0,
       "parameter_mmin": 55.0,
       "parameter_shortname": "Tempo Min",
       "parameter_type": 0,
       "parameter_units": "%.1f bpm",
       "parameter_unitstyle": 9
      }
     },
     "taborder": 20,
     "varname": "ear_tempo_min"
    }
   },
   {
    "box": {
     "id": "obj-109",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      884.0,
      176.0,
      22.0
     ],
     "text": "prepend /liveband/tempo"
    }
   },
   {
    "box": {
     "id": "obj-108",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      828.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "activedialcolor": [
      0.9255,
      0.5216,
      0.5843,
      1.0
     ],
     "annotation": "Tempo where the transport tells none.",
     "hint": "Tempo where the transport tells none.",
     "id": "obj-107",
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
      780.0,
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
     "taborder": 19,
     "varname": "tempo"
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
      862.0,
      225.0,
      22.0
     ],
     "text": "prepend /liveband/latency/loop"
    }
   },
   {
    "box": {
     "id": "obj-105",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
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
     "annotation": "The output returns to the program the mix comes from: play a block earlier.",
     "hint": "The output returns to the program the mix comes from: play a block earlier.",
     "id": "obj-104",
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
      452.0,
      347.0,
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
     "taborder": 18,
     "text": "Latency Loop",
     "texton": "Latency Loop",
     "varname": "latency_loop"
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
      840.0,
      253.0,
      22.0
     ],
     "text": "prepend /liveband/transport/follow"
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
     "annotation": "Play only while the transport rolls.",
     "hint": "Play only while the transport rolls.",
     "id": "obj-101",
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
      780.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      347.0,
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
     "taborder": 17,
     "text": "Follow",
     "texton": "Follow",
     "varname": "transport_follow"
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
      712.0,
      246.0,
      22.0
     ],
     "text": "prepend /liveband/transport/beats"
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
      650.0,
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
     "id": "obj-98",
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
      630.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
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
     "taborder": 16,
     "varname": "transport_beats"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-97",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      615.0,
      610.0,
      120.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
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
     "id": "obj-96",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      690.0,
      197.0,
      22.0
     ],
     "text": "prepend /liveband/quantize"
    }
   },
   {
    "box": {
     "id": "obj-95",
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
     "annotation": "What `stem`, `reset`, `freeze` and presets wait for while the beat goes on.",
     "hint": "What `stem`, `reset`, `freeze` and presets wait for while the beat goes on.",
     "id": "obj-94",
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
      630.0,
      100.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      377.0,
      245.0,
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
     "taborder": 15,
     "varname": "quantize"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-93",
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
     "id": "obj-92",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      712.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/groove"
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
     "annotation": "Feel to play with, the checkpoint's to say; auto chooses one, any mixes them.",
     "hint": "Feel to play with, the checkpoint's to say; auto chooses one, any mixes them.",
     "id": "obj-90",
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
       "parameter_annotation_name": "Groove",
       "parameter_enum": [
        "auto",
        "any"
       ],
       "parameter_info": "Feel to play with, the checkpoint's to say; auto chooses one, any mixes them",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Groove",
       "parameter_mmax": 1,
       "parameter_shortname": "Groove",
       "parameter_type": 2
      }
     },
     "taborder": 14,
     "varname": "groove"
    }
   },
   {
    "box": {
     "fontsize": 10.0,
     "id": "obj-89",
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
     "id": "obj-88",
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
     "id": "obj-87",
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
     "id": "obj-86",
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
     "id": "obj-85",
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
     "id": "obj-84",
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
     "id": "obj-83",
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
     "annotation": "What keeps time; auto: a rolling DAW, else a MIDI clock, else the beat tracker.",
     "hint": "What keeps time; auto: a rolling DAW, else a MIDI clock, else the beat tracker.",
     "id": "obj-82",
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
        "auto",
        "jack",
        "midi",
        "manual",
        "ear",
        "none"
       ],
       "parameter_info": "What keeps time; auto: a rolling DAW, else a MIDI clock, else the beat tracker",
       "parameter_initial": [
        0
       ],
       "parameter_initial_enable": 1,
       "parameter_longname": "Transport Source",
       "parameter_mmax": 5,
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
     "id": "obj-81",
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
     "id": "obj-80",
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
     "id": "obj-79",
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
     "id": "obj-78",
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
     "id": "obj-77",
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
     "id": "obj-76",
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
     "id": "obj-75",
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
     "id": "obj-74",
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
     "id": "obj-73",
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
     "id": "obj-72",
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
     "id": "obj-71",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      615.0,
      390.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/listen"
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
     "id": "obj-69",
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
     "id": "obj-68",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      420.0,
      390.0,
      169.0,
      22.0
     ],
     "text": "prepend /liveband/mute"
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
     "id": "obj-66",
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
     "id": "obj-65",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      225.0,
      390.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/bypass"
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
     "id": "obj-63",
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
     "id": "obj-62",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      30.0,
      390.0,
      183.0,
      22.0
     ],
     "text": "prepend /liveband/enable"
    }
   },
   {
    "box": {
     "id": "obj-61",
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
     "id": "obj-60",
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
     "id": "obj-59",
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
     "id": "obj-58",
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
     "id": "obj-57",
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
     "id": "obj-56",
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
     "id": "obj-55",
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
     "id": "obj-54",
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
     "id": "obj-53",
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
     "id": "obj-52",
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
     "id": "obj-51",
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
     "id": "obj-50",
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
     "id": "obj-49",
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
     "id": "obj-48",
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
     "id": "obj-47",
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
     "id": "obj-46",
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
     "id": "obj-45",
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
     "id": "obj-44",
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
     "id": "obj-43",
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
     "id": "obj-42",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 32,
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
      "",
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      30.0,
      739.0,
      4446.0,
      22.0
     ],
     "text": "route /liveband/stem /liveband/anticipation /liveband/players /liveband/reset/to /liveband/enable /liveband/bypass /liveband/mute /liveband/listen /liveband/freeze /liveband/transport/source /liveband/transport/reset_on /liveband/groove /liveband/quantize /liveband/transport/beats /liveband/transport/follow /liveband/latency/loop /liveband/tempo /liveband/ear/tempo/min /liveband/ear/tempo/max /liveband/ear/silence /liveband/ear/hold /liveband/gain/in /liveband/gain/out /liveband/noise /liveband/fade /liveband/seed /liveband/midi/takeover /liveband/autoconnect /liveband/midi/channel /liveband/midi/feedback /liveband/midi/clock"
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-41",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      694.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      30.0,
      545.0,
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
     "id": "obj-40",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      648.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      540.0,
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
     "id": "obj-39",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      602.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      375.0,
      410.0,
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
     "id": "obj-38",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      556.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      360.0,
      405.0,
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
     "id": "obj-37",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      510.0,
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
     "text": "Beat",
     "textcolor": [
      0.9255,
      0.5216,
      0.5843,
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
     "id": "obj-36",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      464.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      15.0,
      345.0,
      330.0,
      180.0
     ],
     "rounded": 6
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-35",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      418.0,
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
     "id": "obj-34",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      372.0,
      120.0,
      45.0
     ],
     "presentation": 1,
     "presentation_rect": [
      360.0,
      60.0,
      330.0,
      330.0
     ],
     "rounded": 6
    }
   },
   {
    "box": {
     "fontface": 1,
     "fontsize": 14.0,
     "id": "obj-33",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      326.0,
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
     "id": "obj-32",
     "maxclass": "panel",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      900.0,
      280.0,
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
     "id": "obj-31",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      1460.0,
      150.0,
      92.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "fontsize": 11.0,
     "id": "obj-30",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1460.0,
      180.0,
      144.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      546.0,
      24.0,
      144.0,
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
     "id": "obj-29",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      1360.0,
      210.0,
      45.0,
      22.0
     ],
     "text": "set -"
    }
   },
   {
    "box": {
     "id": "obj-28",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      1300.0,
      210.0,
      45.0,
      22.0
     ],
     "text": "0."
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
      1300.0,
      120.0,
      45.0,
      22.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "id": "obj-26",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      1300.0,
      150.0,
      85.0,
      22.0
     ],
     "text": "delay 4000"
    }
   },
   {
    "box": {
     "id": "obj-25",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      1300.0,
      180.0,
      50.0,
      22.0
     ],
     "text": "t b b"
    }
   },
   {
    "box": {
     "id": "obj-24",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      1190.0,
      120.0,
      71.0,
      22.0
     ],
     "text": "zl nth 4"
    }
   },
   {
    "box": {
     "bgcolor": [
      0.2275,
      0.2549,
      0.3137,
      1.0
     ],
     "hint": "How sure it is of the beat",
     "id": "obj-23",
     "ignoreclick": 1,
     "maxclass": "multislider",
     "numinlets": 1,
     "numoutlets": 2,
     "orientation": 0,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      1190.0,
      240.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      614.0,
      9.0,
      76.0,
      11.0
     ],
     "setminmax": [
      0.0,
      1.0
     ],
     "setstyle": 1,
     "size": 1,
     "slidercolor": [
      0.3373,
      0.7137,
      0.8392,
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
      1030.0,
      180.0,
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
      1030.0,
      120.0,
      71.0,
      22.0
     ],
     "text": "zl nth 3"
    }
   },
   {
    "box": {
     "id": "obj-20",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      1030.0,
      150.0,
      148.0,
      22.0
     ],
     "text": "sprintf symout %.1f"
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
      1064.0,
      252.0,
      32.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      580.0,
      5.0,
      32.0,
      18.0
     ],
     "text": "bpm",
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
     "fontsize": 11.0,
     "id": "obj-18",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1030.0,
      252.0,
      34.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      546.0,
      5.0,
      34.0,
      18.0
     ],
     "text": "-",
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
     "id": "obj-17",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      940.0,
      230.0,
      195.0,
      22.0
     ],
     "text": "oncolor 0.3373 0.7137 0.8392 1"
    }
   },
   {
    "box": {
     "id": "obj-16",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      940.0,
      205.0,
      189.0,
      22.0
     ],
     "text": "oncolor 0.949 0.6392 0.2275 1"
    }
   },
   {
    "box": {
     "id": "obj-15",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      900.0,
      120.0,
      71.0,
      22.0
     ],
     "text": "zl nth 1"
    }
   },
   {
    "box": {
     "id": "obj-14",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      960.0,
      180.0,
      50.0,
      22.0
     ],
     "text": "sel 1"
    }
   },
   {
    "box": {
     "id": "obj-13",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      900.0,
      150.0,
      50.0,
      22.0
     ],
     "text": "t b i"
    }
   },
   {
    "box": {
     "bgcolor": [
      0.0,
      0.0,
      0.0,
      0.0
     ],
     "blinktime": 120,
     "hint": "Flashes at every beat, in another colour on the first of a bar",
     "id": "obj-12",
     "ignoreclick": 1,
     "maxclass": "led",
     "numinlets": 1,
     "numoutlets": 1,
     "offcolor": [
      0.2275,
      0.2549,
      0.3137,
      1.0
     ],
     "oncolor": [
      0.949,
      0.6392,
      0.2275,
      1.0
     ],
     "outlettype": [
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      900.0,
      250.0,
      30.0,
      30.0
     ],
     "presentation": 1,
     "presentation_rect": [
      510.0,
      8.0,
      30.0,
      30.0
     ]
    }
   },
   {
    "box": {
     "id": "obj-11",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      900.0,
      90.0,
      64.0,
      22.0
     ],
     "text": "route 0"
    }
   },
   {
    "box": {
     "id": "obj-10",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "patching_rect": [
      900.0,
      60.0,
      323.0,
      22.0
     ],
     "text": "route /liveband/beat /liveband/groove/actual"
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
      "obj-11",
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
      "obj-15",
      0
     ],
     "source": [
      "obj-11",
      1
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
      "obj-15",
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
      1
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
      "obj-14",
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
      "obj-16",
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
      "obj-14",
      1
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
      "obj-17",
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
      "obj-13",
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
      "obj-11",
      1
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
      "obj-22",
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
      "obj-11",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-23",
      0
     ],
     "source": [
      "obj-24",
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
      "obj-11",
      1
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
      "obj-27",
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
      "obj-26",
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
      "obj-25",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-23",
      0
     ],
     "source": [
      "obj-28",
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
      "obj-25",
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
      "obj-29",
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
      "obj-10",
      1
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
      "obj-31",
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
      "obj-2",
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
      "obj-42",
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
      "obj-45",
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
      "obj-44",
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
      "obj-46",
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
      "obj-42",
      1
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
      "obj-50",
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
      "obj-49",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-51",
      0
     ],
     "source": [
      "obj-48",
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
      "obj-51",
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
      "obj-42",
      2
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
      "obj-54",
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
      "obj-53",
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
      "obj-55",
      0
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
      "obj-42",
      3
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
      "obj-58",
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
      "obj-57",
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
      "obj-59",
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
      "obj-42",
      4
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
      "obj-61",
      0
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
      "obj-60",
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
      "obj-62",
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
      "obj-42",
      5
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
      "obj-64",
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
      "obj-63",
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
      "obj-65",
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
      "obj-42",
      6
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
      "obj-68",
      0
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
      "obj-42",
      7
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
      "obj-70",
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
      "obj-69",
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
      "obj-71",
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
      "obj-42",
      8
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
      "obj-73",
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
      "obj-72",
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
      "obj-74",
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
      "obj-75",
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
      "obj-76",
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
      "obj-77",
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
      "obj-78",
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
      "obj-79",
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
      "obj-80",
      0
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
      "obj-42",
      9
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
      "obj-83",
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
      "obj-82",
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
      "obj-84",
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
      "obj-42",
      10
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
      "obj-87",
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
      "obj-86",
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
      "obj-88",
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
      "obj-42",
      11
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
      "obj-91",
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
      "obj-90",
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
      "obj-92",
      0
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
      "obj-42",
      12
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
      "obj-95",
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
      "obj-94",
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
      "obj-96",
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
      "obj-42",
      13
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
      "obj-102",
      0
     ],
     "source": [
      "obj-42",
      14
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
      "obj-102",
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
      "obj-101",
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
      "obj-103",
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
      "obj-42",
      15
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
      "obj-105",
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
      "obj-104",
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
      "obj-106",
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
      "obj-42",
      16
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
      "obj-108",
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
      "obj-107",
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
      "obj-109",
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
      "obj-42",
      17
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
      "obj-111",
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
      "obj-110",
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
      "obj-112",
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
      "obj-42",
      18
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
      "obj-115",
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
      "obj-42",
      19
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
      "obj-117",
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
      "obj-116",
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
      "obj-118",
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
      "obj-42",
      20
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
      "obj-120",
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
      "obj-119",
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
      "obj-121",
      0
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
      "obj-124",
      0
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
      "obj-127",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-127",
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
      "obj-128",
      0
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
      "obj-3",
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
      "obj-132",
      0
     ],
     "source": [
      "obj-131",
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
      "obj-132",
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
      "obj-133",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-135",
      0
     ],
     "source": [
      "obj-42",
      21
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
      "obj-135",
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
      "obj-134",
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
      "obj-136",
      0
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
      "obj-42",
      22
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
      "obj-138",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-139",
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
      "obj-3",
      0
     ],
     "source": [
      "obj-139",
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
      "obj-42",
      23
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
      "obj-141",
      0
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
      "obj-140",
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
      "obj-142",
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
      "obj-42",
      24
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-143",
      0
     ],
     "source": [
      "obj-144",
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
      "obj-143",
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
      "obj-145",
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
      "obj-42",
      25
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-147",
      0
     ],
     "source": [
      "obj-148",
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
      "obj-147",
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
      "obj-149",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-151",
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
      "obj-152",
      0
     ],
     "source": [
      "obj-151",
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
      "obj-152",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-155",
      0
     ],
     "source": [
      "obj-42",
      26
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
      "obj-155",
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
      "obj-154",
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
      "obj-156",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-159",
      0
     ],
     "source": [
      "obj-42",
      27
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
      "obj-159",
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
      "obj-158",
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
      "obj-160",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-163",
      0
     ],
     "source": [
      "obj-42",
      28
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
      "obj-163",
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
      "obj-162",
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
      "obj-164",
      0
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
      "obj-42",
      29
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
      "obj-166",
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
      "obj-165",
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
      "obj-167",
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
      "obj-42",
      30
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "obj-168",
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
      "obj-168",
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
   }
  ],
  "openinpresentation": 1,
  "rect": [
   60.0,
   90.0,
   4491.0,
   1649.0
  ]
 }
}
