# URLs, dates, what is not implemented, in both widths; and the export list of the library.
foreach(subject url_crack url_create time unsupported)
    winposix_test(winhttp_${subject} SOURCES winhttp_${subject}.c LIBS test_recorder WIDTHS)
endforeach()

# The functions that the header declares: DECLARED(name), and DECLARED_WIDE(name) for those that
# exist in both widths.
set(header ${PROJECT_SOURCE_DIR}/include/winhttp.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
file(READ ${header} text)
set(list "")
string(REGEX MATCHALL "(WINAPI|BOOLAPI)[ \n]+WinHttp[A-Za-z0-9]+\\(" found "${text}")
foreach(match ${found})
    string(REGEX REPLACE ".*[ \n](WinHttp[A-Za-z0-9]+).*" "DECLARED(\\1)\n" line "${match}")
    string(APPEND list "${line}")
endforeach()
string(REGEX MATCHALL "WINPOSIX_WIDE\\(WinHttp[A-Za-z0-9]+\\)" found "${text}")
foreach(match ${found})
    string(REPLACE "WINPOSIX_WIDE" "DECLARED_WIDE" line "${match}")
    string(APPEND list "${line}\n")
endforeach()
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/declared/winhttp_declared.h.new "${list}")
configure_file(${CMAKE_CURRENT_BINARY_DIR}/declared/winhttp_declared.h.new
               ${CMAKE_CURRENT_BINARY_DIR}/declared/winhttp_declared.h COPYONLY)

# A static library exports nothing to ask for at run time.
get_target_property(kind winhttp TYPE)
if(kind STREQUAL "SHARED_LIBRARY")
    winposix_test(winhttp_exports SOURCES winhttp_exports.c LIBS winhttp)
    target_include_directories(winhttp_exports PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/declared)
    target_compile_definitions(winhttp_exports PRIVATE
        WINHTTP_LIBRARY="$<TARGET_FILE:winhttp>")
    target_link_libraries(winhttp_exports PRIVATE ${CMAKE_DL_LIBS})
endif()
