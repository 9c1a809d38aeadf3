# Windows programs write <Windows.h>, <WinHttp.h> and even <StdIo.h>. Where file names are told
# apart by case, each such spelling gets a header that forwards to the real one. They are made at
# configure time: a source tree could not hold both WinHttp.h and Winhttp.h on every disk.

set(WINPOSIX_CASE_NAMES
    Windows.h WinDef.h WinBase.h WinNT.h WinError.h WinNls.h MinWinDef.h Guiddef.h InitGuid.h
    WinHttp.h Winhttp.h WinHTTP.h Websocket.h WebSocket.h
    WinCrypt.h Wincrypt.h WinCred.h Sspi.h Security.h Schannel.h
    StrSafe.h Strsafe.h Tchar.h TCHAR.h Sal.h Intrin.h
    SDKDDKVer.h VersionHelpers.h SynchApi.h Rpc.h ObjBase.h Objbase.h Unknwn.h UrlMon.h Urlmon.h
    WinSock.h WinSock2.h Winsock2.h WS2tcpip.h Ws2tcpip.h
    Conio.h Io.h WinVer.h Winver.h Winternl.h WinTernl.h Process.h Direct.h CrtDbg.h Crtdbg.h
    StdIo.h Stdio.h StdLib.h Stdlib.h String.h Assert.h)

# Sets ${result} to whether the disk under the build tree tells names apart by case.
function(winposix_disk_has_case result)
    set(probe ${CMAKE_CURRENT_BINARY_DIR}/case-probe)
    file(WRITE ${probe}/Probe "")
    if(EXISTS ${probe}/probe)
        set(${result} OFF PARENT_SCOPE)
    else()
        set(${result} ON PARENT_SCOPE)
    endif()
endfunction()

# Writes the forwarding headers into `directory`.
function(winposix_case_headers directory)
    foreach(name IN LISTS WINPOSIX_CASE_NAMES)
        string(TOLOWER ${name} real)
        set(text "/* ${name} - <${real}>, for programs written where case does not count. */\n")
        string(APPEND text "#include <${real}>\n")
        if(EXISTS ${directory}/${name})
            file(READ ${directory}/${name} old)
        else()
            set(old "")
        endif()
        if(NOT old STREQUAL text)
            file(WRITE ${directory}/${name} "${text}")
        endif()
    endforeach()
endfunction()
