"""Readers of public music data sets: charts, drum performances, songs, tempo curves.

Every reader takes the layout its source publishes, or the trimmed form its docstring gives,
and returns frozen records, each with the split it belongs to. Nothing of these data sets is
part of the repository::

    chord_charts        chord charts of real songs; chart_records holds what is read of one
    billboard           those of the McGill Billboard annotations
    improvisor          those of Impro-Visor's imaginary book
    openewld            those of OpenEWLD; musicxml_sheet, musicxml_chords, score_repeats read
                        its scores
    chord_symbols       what MMA's and Harte's chord symbols mean
    drum_performances   Groove MIDI Dataset
    drum_fitting        one of its performances under all bars of a song
    pop909              POP909: melody, second voice, piano, beats and chords
    tempo_curves        beats of real recordings
    archives            files in a folder or in an archive
"""
