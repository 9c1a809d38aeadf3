// consumer.cc - the same from C++, with a main() of its own: winmain stays out.
#include <Windows.h>
#include <WinHttp.h>

#include <string>

int main()
{
    const std::wstring agent = L"consumer";
    HINTERNET session = WinHttpOpen(agent.c_str(), WINHTTP_ACCESS_TYPE_NO_PROXY,
                                    WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0);

    if (session == nullptr)
        return 1;
    return WinHttpCloseHandle(session) ? 0 : 2;
}
