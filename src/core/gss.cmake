# Negotiate and NTLM need MIT's GSSAPI. Sets WH_GSS_SOURCES and WH_GSS_LIBS; without it, or with
# -DWINHTTP_GSSAPI=OFF, a twin is built that has no mechanism.
option(WINHTTP_GSSAPI "Negotiate and NTLM through GSSAPI (MIT krb5), if it is found" ON)
if(WINHTTP_GSSAPI)
    pkg_check_modules(WH_GSSAPI IMPORTED_TARGET mit-krb5-gssapi)
endif()
if(WINHTTP_GSSAPI AND WH_GSSAPI_FOUND)
    set(WH_GSS_SOURCES core/http/auth_gss.c)
    set(WH_GSS_LIBS PkgConfig::WH_GSSAPI)
else()
    set(WH_GSS_SOURCES core/http/auth_gss_none.c)
    set(WH_GSS_LIBS)
endif()
message(STATUS "Negotiate and NTLM through GSSAPI: ${WH_GSS_SOURCES}")
