# Text, the C library additions, messages, modules, files.
foreach(subject print convert system)
    winposix_test(compat_text_${subject} WIDTHS SOURCES compat_text_${subject}.c LIBS wincompat)
endforeach()
winposix_test(compat_text_cxx WIDTHS SOURCES compat_text_cxx.cc LIBS wincompat)
winposix_test(compat_text_cxx_first WIDTHS SOURCES compat_text_cxx.cc LIBS wincompat)
target_compile_definitions(compat_text_cxx_first PRIVATE WINDOWS_FIRST)
target_compile_definitions(compat_text_cxx_first_utf16 PRIVATE WINDOWS_FIRST)

# The same where the C library's checking inline functions stand in the way, as Ubuntu has it.
winposix_test(compat_text_print_fortified WIDTHS SOURCES compat_text_print.c LIBS wincompat)
winposix_test(compat_text_convert_fortified WIDTHS SOURCES compat_text_convert.c LIBS wincompat)
winposix_test(compat_text_cxx_fortified WIDTHS SOURCES compat_text_cxx.cc LIBS wincompat)
foreach(program print convert cxx)
    foreach(width "" _utf16)
        target_compile_options(compat_text_${program}_fortified${width} PRIVATE
            -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    endforeach()
endforeach()

# Start-up: wmain in its spellings, both widths.
foreach(width "" _utf16)
    foreach(shape "" _environment)
        set(program compat_start${shape}${width})
        add_executable(${program} compat_start.cc)
        winposix_target(${program})
        target_compile_options(${program} PRIVATE $<$<STREQUAL:${width},_utf16>:-fshort-wchar>)
        target_compile_definitions(${program} PRIVATE
            $<$<STREQUAL:${shape},_environment>:START_WITH_ENVIRONMENT>)
        target_link_libraries(${program} PRIVATE winmain wincompat)
        add_test(NAME ${program} COMMAND ${program} "é😀" b)
        set_tests_properties(${program} PROPERTIES LABELS unit
                             ENVIRONMENT "${WINPOSIX_TEST_ENVIRONMENT}" TIMEOUT 60)
    endforeach()
endforeach()
