# What `cmake --install` puts where:
#
#   lib/libwinhttp.so.0, libwebsocket.so.0, libwincompat.so.0     the libraries
#   lib/libwinmain.a                           main() for programs that have a wmain()
#   lib/libwinhttp.so, libwebsocket.so         what -lwinhttp and -lwebsocket find: linker scripts that
#                                              name the library, wincompat and winmain
#   lib/cmake/winhttp-posix/                   find_package(winhttp-posix), targets winhttp::winhttp and
#                                              winhttp::websocket
#   lib/pkgconfig/winhttp.pc, websocket.pc
#   include/winhttp-posix/                     windows.h, winhttp.h, websocket.h and friends
#   include/winhttp-posix/case/                Windows.h, WinHttp.h ... where file names have a case
#
# A Windows linker line names winhttp.lib or websocket.lib and nothing else, so -lwinhttp alone has to be
# enough, and so has -lwebsocket. On ELF the development name is a linker script; on macOS the dylib
# re-exports wincompat.

include(CMakePackageConfigHelpers)

set(WINPOSIX_INCLUDE_DIR ${CMAKE_INSTALL_INCLUDEDIR}/winhttp-posix)
set(WINPOSIX_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/winhttp-posix)

# ---- targets

foreach(api winhttp websocket)
    if(TARGET ${api} AND NOT TARGET winhttp::${api})
        add_library(winhttp::${api} ALIAS ${api})
    endif()
    if(TARGET ${api} AND TARGET winmain)
        # A program with wmain() gets its main(); the archive is not touched by one that has main().
        target_link_libraries(${api} INTERFACE winmain)
    endif()
endforeach()

if(APPLE)
    set(WINPOSIX_ORIGIN "@loader_path")
else()
    set(WINPOSIX_ORIGIN "$ORIGIN")
endif()
set(WINPOSIX_TARGETS "")
foreach(target wincompat winmain winhttp websocket)
    if(TARGET ${target})
        list(APPEND WINPOSIX_TARGETS ${target})
        set_target_properties(${target} PROPERTIES
            VERSION ${PROJECT_VERSION}
            SOVERSION ${PROJECT_VERSION_MAJOR}
            INSTALL_RPATH ${WINPOSIX_ORIGIN})
    endif()
endforeach()

if(TARGET winhttp)
    foreach(api winhttp websocket)
        if(APPLE AND BUILD_SHARED_LIBS)
            target_link_options(${api} PRIVATE
                "LINKER:-reexport_library,$<TARGET_FILE:wincompat>")
        elseif(NOT BUILD_SHARED_LIBS)
            # The plain name is the linker script's; the archive itself steps aside, as libm's does.
            set_target_properties(${api} PROPERTIES OUTPUT_NAME ${api}-${PROJECT_VERSION})
        endif()
    endforeach()
    install(TARGETS ${WINPOSIX_TARGETS} EXPORT winhttp-posix-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} NAMELINK_SKIP
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        INCLUDES DESTINATION ${WINPOSIX_INCLUDE_DIR} ${WINPOSIX_INCLUDE_DIR}/case)
    install(EXPORT winhttp-posix-targets
        NAMESPACE winhttp::
        DESTINATION ${WINPOSIX_CMAKE_DIR})
endif()

# ---- -lwinhttp, -lwebsocket

set(WINPOSIX_PC_PSL)
if(PSL_FOUND) # see core/codecs.cmake
    set(WINPOSIX_PC_PSL " -lpsl")
endif()
set(WINPOSIX_PC_GSS)
if(WINHTTP_GSSAPI AND WH_GSSAPI_FOUND) # see core/gss.cmake
    set(WINPOSIX_PC_GSS " -lgssapi_krb5")
endif()

# Write the linker script that -l${api} finds; `libs` is what a static one needs besides. Its inputs are
# looked up next to itself.
function(winposix_linker_script api libs)
    if(BUILD_SHARED_LIBS)
        set(script ${PROJECT_BINARY_DIR}/install/lib${api}.so)
        set(inputs "lib${api}.so.${PROJECT_VERSION_MAJOR} libwinmain.a libwincompat.so.${PROJECT_VERSION_MAJOR}")
    else()
        set(script ${PROJECT_BINARY_DIR}/install/lib${api}.a)
        set(inputs "lib${api}-${PROJECT_VERSION}.a libwinmain.a libwincompat.a ${libs}")
    endif()
    file(WRITE ${script} "/* GNU ld script: -l${api} is all a Windows program names. */\nGROUP ( ${inputs} )\n")
    install(FILES ${script} DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# Where there are no linker scripts, the development names are links, as usual.
function(winposix_namelinks)
    foreach(target wincompat winhttp websocket)
        set(link ${CMAKE_SHARED_LIBRARY_PREFIX}${target}${CMAKE_SHARED_LIBRARY_SUFFIX})
        set(file ${CMAKE_SHARED_LIBRARY_PREFIX}${target}.${PROJECT_VERSION_MAJOR}${CMAKE_SHARED_LIBRARY_SUFFIX})
        file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/install)
        file(CREATE_LINK ${file} ${PROJECT_BINARY_DIR}/install/${link} SYMBOLIC)
        install(FILES ${PROJECT_BINARY_DIR}/install/${link} DESTINATION ${CMAKE_INSTALL_LIBDIR})
    endforeach()
endfunction()

if(TARGET winhttp AND APPLE)
    if(BUILD_SHARED_LIBS)
        winposix_namelinks()
    endif()
    set(WINPOSIX_PC_MORE " -lwinmain")
elseif(TARGET winhttp)
    winposix_linker_script(winhttp
        "-luv -lssl -lcrypto -lidn2 -lz${WINPOSIX_PC_PSL}${WINPOSIX_PC_GSS} -lpthread -ldl")
    winposix_linker_script(websocket "-lpthread -ldl")
    set(WINPOSIX_PC_MORE "")
endif()

# ---- headers

install(DIRECTORY include/ compat/include/
    DESTINATION ${WINPOSIX_INCLUDE_DIR}
    FILES_MATCHING PATTERN "*.h")

# On a disk that takes Windows.h for windows.h, a forwarding header would include itself: there the
# folder, which the exported target names either way, stays empty.
include(${PROJECT_SOURCE_DIR}/compat/case.cmake OPTIONAL)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/install/case)
if(COMMAND winposix_disk_has_case)
    winposix_disk_has_case(WINPOSIX_DISK_HAS_CASE)
    if(WINPOSIX_DISK_HAS_CASE)
        winposix_case_headers(${PROJECT_BINARY_DIR}/install/case)
    endif()
endif()
install(DIRECTORY ${PROJECT_BINARY_DIR}/install/case/
    DESTINATION ${WINPOSIX_INCLUDE_DIR}/case)

# ---- packages

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/winhttp-posix-config.cmake.in
    ${PROJECT_BINARY_DIR}/install/winhttp-posix-config.cmake
    INSTALL_DESTINATION ${WINPOSIX_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/install/winhttp-posix-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/install/winhttp-posix-config.cmake
              ${PROJECT_BINARY_DIR}/install/winhttp-posix-config-version.cmake
    DESTINATION ${WINPOSIX_CMAKE_DIR})

foreach(api winhttp websocket)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/${api}.pc.in
        ${PROJECT_BINARY_DIR}/install/${api}.pc @ONLY)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/install/winhttp.pc ${PROJECT_BINARY_DIR}/install/websocket.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
