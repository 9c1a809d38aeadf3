# Text, the C library additions, messages, modules, files.
foreach(subject print convert system)
    winposix_test(compat_text_${subject} WIDTHS SOURCES compat_text_${subject}.c LIBS wincompat)
endforeach()
winposix_test(compat_text_cxx WIDTHS SOURCES compat_text_cxx.cc LIBS wincompat)
