# websocket: the codec behind websocket.h. It opens nothing, so it links neither libuv nor OpenSSL; the
# Win32 base comes along for the programs that use it, not for itself.
set(WSC_SOURCES
    websocket/action.c
    websocket/api.c
    websocket/handle.c
    websocket/handshake.c
    websocket/property.c
    websocket/queue.c
    websocket/receive.c
    websocket/send.c
    websocket/session.c
    core/base/buf.c
    ${WH_WS_BASE_SOURCES}
    ${WH_WS_SOURCES})

function(websocket_library name kind)
    add_library(${name} ${kind} ${WSC_SOURCES})
    winposix_target(${name})
    target_include_directories(${name}
        PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
               $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/winhttp-posix>
        PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC wincompat PRIVATE Threads::Threads)
endfunction()

websocket_library(websocket "")
add_library(winhttp::websocket ALIAS websocket)
set_target_properties(websocket PROPERTIES VERSION ${PROJECT_VERSION}
                                           SOVERSION ${PROJECT_VERSION_MAJOR})
if(TARGET winmain)
    target_link_libraries(websocket INTERFACE winmain)
endif()

if(WINHTTP_BUILD_TESTS OR WINHTTP_BUILD_FUZZERS)
    websocket_library(websocket_internals STATIC)
    target_include_directories(websocket_internals INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}
                                                             ${PROJECT_SOURCE_DIR})
endif()
