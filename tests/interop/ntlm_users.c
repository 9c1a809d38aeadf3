/* ntlm_users.c - who may log on at a server of ntlm_server.h; what has to be there for that. */
#include "ntlm_server.h"

#include "test.h"

#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <stdlib.h>

static gss_OID_desc ntlmssp = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

static void write_file(const char *name, const char *text, const char *variable)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", test_temp_dir(), name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    fputs(text, file);
    CHECK_EQ(fclose(file), 0);
    setenv(variable, path, 1);
}

static void require_gssapi(void)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, L"nowhere", 80, 0);
    HINTERNET request = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0);
    BOOL has = WinHttpSetCredentials(request, WINHTTP_AUTH_TARGET_SERVER, WINHTTP_AUTH_SCHEME_NTLM,
                                     NTLM_USER, NTLM_PASSWORD, NULL);
    DWORD error = GetLastError();

    CHECK(request != NULL);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    if (!has && error == ERROR_CALL_NOT_IMPLEMENTED)
        SKIP("built without GSSAPI");
    CHECK(has);
}

void ntlm_prepare(void)
{
    gss_OID_set all = GSS_C_NO_OID_SET;
    OM_uint32 minor;
    int present = 0;

    gss_indicate_mechs(&minor, &all);
    gss_test_oid_set_member(&minor, &ntlmssp, all, &present);
    gss_release_oid_set(&minor, &all);
    if (!present)
        SKIP("NTLM for GSSAPI (gss-ntlmssp) is not installed");
    require_gssapi();
    write_file("users", "DOM:carol:Pa$$w0rd\nDOM:dave:secret\n", "NTLM_USER_FILE");
    write_file("krb5.conf",
               "[libdefaults]\ndns_lookup_kdc = false\ndns_lookup_realm = false\nrdns = false\n"
               "dns_canonicalize_hostname = false\n",
               "KRB5_CONFIG");
}
