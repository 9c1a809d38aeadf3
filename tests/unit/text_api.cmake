# URLs, dates and the export list of the library, in both widths.
foreach(subject url_crack url_create time)
    winposix_test(winhttp_${subject} SOURCES winhttp_${subject}.c LIBS test_recorder WIDTHS)
endforeach()
