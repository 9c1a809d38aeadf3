# Options that tell about an exchange, or change one.
foreach(subject report effect)
    winposix_test(options_${subject} SOURCES options_${subject}.c LIBS test_recorder WIDTHS)
endforeach()
