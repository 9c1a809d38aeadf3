/* tls_info.c - who is at the other end? Prints the certificate and what the connection is.
 *
 *      tls_info HOST [PORT]
 *
 * When the certificate is refused, prints every fault that was found; nothing was sent then.
 */
#include <winsock2.h> /* before winhttp.h, for WINHTTP_CONNECTION_INFO */
#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const struct {
    DWORD flag;
    const wchar_t *meaning;
} faults[] = {
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED, L"revocation could not be checked"},
    {WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT, L"the certificate is invalid"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED, L"the certificate is revoked"},
    {WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA, L"the issuer is unknown"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID, L"the certificate is for another host"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID, L"the certificate is out of date"},
    {WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR, L"the TLS handshake failed"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE, L"the certificate is not for servers"},
};

static void CALLBACK on_status(HINTERNET request, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    DWORD found = *(DWORD *)info;

    (void)request, (void)context, (void)status, (void)length;
    for (size_t i = 0; i < ARRAYSIZE(faults); i++)
        if (found & faults[i].flag)
            wprintf(L"refused: %ls\n", faults[i].meaning);
}

static void print_date(const wchar_t *what, const FILETIME *when)
{
    SYSTEMTIME t;

    if (FileTimeToSystemTime(when, &t))
        wprintf(L"%-12ls %04u-%02u-%02u\n", what, t.wYear, t.wMonth, t.wDay);
}

static void print_certificate(HINTERNET request)
{
    WINHTTP_CERTIFICATE_INFO info;
    DWORD size = sizeof(info);

    if (!WinHttpQueryOption(request, WINHTTP_OPTION_SECURITY_CERTIFICATE_STRUCT, &info, &size)) {
        wprintf(L"no certificate: error %u\n", (unsigned)GetLastError());
        return;
    }
    wprintf(L"%-12ls %ls\n", L"subject", info.lpszSubjectInfo);
    wprintf(L"%-12ls %ls\n", L"issuer", info.lpszIssuerInfo);
    print_date(L"valid from", &info.ftStart);
    print_date(L"valid until", &info.ftExpiry);
    LocalFree(info.lpszSubjectInfo);
    LocalFree(info.lpszIssuerInfo);
}

static void print_connection(HINTERNET request)
{
    WINHTTP_CONNECTION_INFO info;
    DWORD size = sizeof(info), bits = 0, bits_size = sizeof(bits);

    ZeroMemory(&info, sizeof(info));
    info.cbSize = sizeof(info);
    if (WinHttpQueryOption(request, WINHTTP_OPTION_CONNECTION_INFO, &info, &size))
        wprintf(L"%-12ls %ls\n", L"over",
                info.RemoteAddress.ss_family == AF_INET6 ? L"IPv6" : L"IPv4");
    if (WinHttpQueryOption(request, WINHTTP_OPTION_SECURITY_KEY_BITNESS, &bits, &bits_size))
        wprintf(L"%-12ls %u bits\n", L"cipher", (unsigned)bits);
}

int wmain(int argc, wchar_t **argv)
{
    HINTERNET session, connection = NULL, request = NULL;
    INTERNET_PORT port = argc > 2 ? (INTERNET_PORT)wcstol(argv[2], NULL, 10) : 443;
    BOOL done;

    if (argc < 2) {
        wprintf(L"usage: tls_info HOST [PORT]\n");
        return 2;
    }
    session = WinHttpOpen(L"tls_info", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    if (session)
        connection = WinHttpConnect(session, argv[1], port, 0);
    if (connection)
        request = WinHttpOpenRequest(connection, L"HEAD", L"/", NULL, WINHTTP_NO_REFERER,
                                     WINHTTP_DEFAULT_ACCEPT_TYPES, WINHTTP_FLAG_SECURE);
    if (request)
        WinHttpSetStatusCallback(request, on_status, WINHTTP_CALLBACK_FLAG_SECURE_FAILURE, 0);
    done = request &&
           WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                              0, 0) &&
           WinHttpReceiveResponse(request, NULL);
    if (done) {
        print_certificate(request);
        print_connection(request);
    } else {
        wprintf(L"error %u\n", (unsigned)GetLastError());
    }

    if (request)
        WinHttpCloseHandle(request);
    if (connection)
        WinHttpCloseHandle(connection);
    if (session)
        WinHttpCloseHandle(session);
    return done ? 0 : 1;
}
