// windows.h before the C++ library, old annotations included.
#define WINPOSIX_OLD_SAL
#include <windows.h>
#include <winsock2.h>
#include <atomic>
#include <filesystem>
#include <regex>
#include <string>
#include <thread>

static DWORD annotated(__in DWORD value, __out_opt LPDWORD out)
{
    if (out)
        *out = value;
    return value;
}

extern "C" DWORD cxx_after(void)
{
    DWORD out = 0;
    std::thread([&] { annotated(7, &out); }).join();
    return out;
}
