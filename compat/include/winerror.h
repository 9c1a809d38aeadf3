/* winerror.h - Windows error codes and HRESULTs.
 *
 * The long lists are in winposix/error_*.h and winposix/hresult_*.h. Win32 codes are int, as wide
 * as Windows' own long constants.
 */
#ifndef _WINERROR_
#define _WINERROR_

#ifndef _HRESULT_DEFINED
#define _HRESULT_DEFINED
typedef int HRESULT;
#endif

#define FACILITY_NULL        0
#define FACILITY_RPC         1
#define FACILITY_DISPATCH    2
#define FACILITY_STORAGE     3
#define FACILITY_ITF         4
#define FACILITY_WIN32       7
#define FACILITY_WINDOWS     8
#define FACILITY_SECURITY    9
#define FACILITY_SSPI        9
#define FACILITY_CONTROL     10
#define FACILITY_CERT        11
#define FACILITY_INTERNET    12
#define FACILITY_MEDIASERVER 13
#define FACILITY_MSMQ        14
#define FACILITY_SETUPAPI    15
#define FACILITY_SCARD       16
#define FACILITY_COMPLUS     17
#define FACILITY_URT         19
#define FACILITY_HTTP        25
#define FACILITY_WINDOWS_CE  24
#define FACILITY_WEBSERVICES 61
#define FACILITY_WEB         885
#define FACILITY_WEB_SOCKET  886

#define SEVERITY_SUCCESS 0
#define SEVERITY_ERROR   1

#ifdef __cplusplus
#define _HRESULT_TYPEDEF_(code) (static_cast<HRESULT>(code))
#else
#define _HRESULT_TYPEDEF_(code) ((HRESULT)code)
#endif
#define _NDIS_ERROR_TYPEDEF_(code) ((unsigned int)code)

#define SUCCEEDED(hr)        (((HRESULT)(hr)) >= 0)
#define FAILED(hr)           (((HRESULT)(hr)) < 0)
#define IS_ERROR(status)     (((unsigned int)(status)) >> 31 == SEVERITY_ERROR)
#define HRESULT_CODE(hr)     ((hr)&0xFFFF)
#define SCODE_CODE(sc)       ((sc)&0xFFFF)
#define HRESULT_FACILITY(hr) (((hr) >> 16) & 0x1fff)
#define SCODE_FACILITY(sc)   (((sc) >> 16) & 0x1fff)
#define HRESULT_SEVERITY(hr) (((hr) >> 31) & 0x1)
#define SCODE_SEVERITY(sc)   (((sc) >> 31) & 0x1)
#define MAKE_HRESULT(sev, fac, code)                                                               \
    ((HRESULT)(((unsigned int)(sev) << 31) | ((unsigned int)(fac) << 16) | ((unsigned int)(code))))
#define MAKE_SCODE(sev, fac, code) MAKE_HRESULT(sev, fac, code)
#define FACILITY_NT_BIT            0x10000000
#define HRESULT_FROM_NT(x)         ((HRESULT)((x) | FACILITY_NT_BIT))
#define GetScode(hr)               ((SCODE)(hr))
#define ResultFromScode(sc)        ((HRESULT)(sc))

/* Maps 0 and what is an HRESULT already to itself. */
#define __HRESULT_FROM_WIN32(x)                                                                    \
    ((HRESULT)(x) <= 0                                                                             \
         ? ((HRESULT)(x))                                                                          \
         : ((HRESULT)(((unsigned int)(x)&0x0000FFFF) | (FACILITY_WIN32 << 16) | 0x80000000)))
#ifdef __cplusplus
/* A template takes DWORD, LONG and Linux' 8-byte long alike. */
template <class T> constexpr HRESULT HRESULT_FROM_WIN32(T code)
{
    return static_cast<HRESULT>(code) <= 0
               ? static_cast<HRESULT>(code)
               : static_cast<HRESULT>((static_cast<unsigned int>(code) & 0xFFFFu) |
                                      (static_cast<unsigned int>(FACILITY_WIN32) << 16) |
                                      0x80000000u);
}
#else
#define HRESULT_FROM_WIN32(x) __HRESULT_FROM_WIN32(x)
#endif

#define NO_ERROR 0
#define NOERROR  0
#define SEC_E_OK ((HRESULT)0x00000000)
#define S_OK     ((HRESULT)0)
#define S_FALSE  ((HRESULT)1)
#define RPC_S_OK ERROR_SUCCESS

#include <winposix/error_base.h>
#include <winposix/error_system.h>
#include <winposix/error_services.h>
#include <winposix/error_sockets.h>
#include <winposix/hresult_com.h>
#include <winposix/hresult_security.h>
#include <winposix/hresult_websocket.h>

#ifndef WAIT_TIMEOUT
#define WAIT_TIMEOUT 258
#endif
#define RPC_S_ACCESS_DENIED    ERROR_ACCESS_DENIED
#define RPC_S_OUT_OF_MEMORY    ERROR_OUTOFMEMORY
#define RPC_S_OUT_OF_THREADS   ERROR_MAX_THRDS_REACHED
#define RPC_S_INVALID_ARG      ERROR_INVALID_PARAMETER
#define RPC_S_BUFFER_TOO_SMALL ERROR_INSUFFICIENT_BUFFER
#define RPC_S_TIMEOUT          ERROR_TIMEOUT

/* Codes that the published list lacks. */
#define ERROR_NOT_SAME_OBJECT          1656
#define ERROR_EVT_INVALID_CHANNEL_PATH 15000
#define ERROR_MUI_FILE_NOT_FOUND       15100
#define ERROR_MUI_FILE_NOT_LOADED      15105
#define ERROR_SYSTEM_NEEDS_REMEDIATION 15623

/* Error codes of WinHTTP and WinINet as HRESULTs. */
#define WININET_E_OUT_OF_HANDLES                    _HRESULT_TYPEDEF_(0x80072EE1)
#define WININET_E_TIMEOUT                           _HRESULT_TYPEDEF_(0x80072EE2)
#define WININET_E_EXTENDED_ERROR                    _HRESULT_TYPEDEF_(0x80072EE3)
#define WININET_E_INTERNAL_ERROR                    _HRESULT_TYPEDEF_(0x80072EE4)
#define WININET_E_INVALID_URL                       _HRESULT_TYPEDEF_(0x80072EE5)
#define WININET_E_UNRECOGNIZED_SCHEME               _HRESULT_TYPEDEF_(0x80072EE6)
#define WININET_E_NAME_NOT_RESOLVED                 _HRESULT_TYPEDEF_(0x80072EE7)
#define WININET_E_PROTOCOL_NOT_FOUND                _HRESULT_TYPEDEF_(0x80072EE8)
#define WININET_E_INVALID_OPTION                    _HRESULT_TYPEDEF_(0x80072EE9)
#define WININET_E_BAD_OPTION_LENGTH                 _HRESULT_TYPEDEF_(0x80072EEA)
#define WININET_E_OPTION_NOT_SETTABLE               _HRESULT_TYPEDEF_(0x80072EEB)
#define WININET_E_SHUTDOWN                          _HRESULT_TYPEDEF_(0x80072EEC)
#define WININET_E_INCORRECT_USER_NAME               _HRESULT_TYPEDEF_(0x80072EED)
#define WININET_E_INCORRECT_PASSWORD                _HRESULT_TYPEDEF_(0x80072EEE)
#define WININET_E_LOGIN_FAILURE                     _HRESULT_TYPEDEF_(0x80072EEF)
#define WININET_E_INVALID_OPERATION                 _HRESULT_TYPEDEF_(0x80072EF0)
#define WININET_E_OPERATION_CANCELLED               _HRESULT_TYPEDEF_(0x80072EF1)
#define WININET_E_INCORRECT_HANDLE_TYPE             _HRESULT_TYPEDEF_(0x80072EF2)
#define WININET_E_INCORRECT_HANDLE_STATE            _HRESULT_TYPEDEF_(0x80072EF3)
#define WININET_E_NOT_PROXY_REQUEST                 _HRESULT_TYPEDEF_(0x80072EF4)
#define WININET_E_REGISTRY_VALUE_NOT_FOUND          _HRESULT_TYPEDEF_(0x80072EF5)
#define WININET_E_BAD_REGISTRY_PARAMETER            _HRESULT_TYPEDEF_(0x80072EF6)
#define WININET_E_NO_DIRECT_ACCESS                  _HRESULT_TYPEDEF_(0x80072EF7)
#define WININET_E_NO_CONTEXT                        _HRESULT_TYPEDEF_(0x80072EF8)
#define WININET_E_NO_CALLBACK                       _HRESULT_TYPEDEF_(0x80072EF9)
#define WININET_E_REQUEST_PENDING                   _HRESULT_TYPEDEF_(0x80072EFA)
#define WININET_E_INCORRECT_FORMAT                  _HRESULT_TYPEDEF_(0x80072EFB)
#define WININET_E_ITEM_NOT_FOUND                    _HRESULT_TYPEDEF_(0x80072EFC)
#define WININET_E_CANNOT_CONNECT                    _HRESULT_TYPEDEF_(0x80072EFD)
#define WININET_E_CONNECTION_ABORTED                _HRESULT_TYPEDEF_(0x80072EFE)
#define WININET_E_CONNECTION_RESET                  _HRESULT_TYPEDEF_(0x80072EFF)
#define WININET_E_FORCE_RETRY                       _HRESULT_TYPEDEF_(0x80072F00)
#define WININET_E_INVALID_PROXY_REQUEST             _HRESULT_TYPEDEF_(0x80072F01)
#define WININET_E_NEED_UI                           _HRESULT_TYPEDEF_(0x80072F02)
#define WININET_E_HANDLE_EXISTS                     _HRESULT_TYPEDEF_(0x80072F04)
#define WININET_E_SEC_CERT_DATE_INVALID             _HRESULT_TYPEDEF_(0x80072F05)
#define WININET_E_SEC_CERT_CN_INVALID               _HRESULT_TYPEDEF_(0x80072F06)
#define WININET_E_HTTP_TO_HTTPS_ON_REDIR            _HRESULT_TYPEDEF_(0x80072F07)
#define WININET_E_HTTPS_TO_HTTP_ON_REDIR            _HRESULT_TYPEDEF_(0x80072F08)
#define WININET_E_MIXED_SECURITY                    _HRESULT_TYPEDEF_(0x80072F09)
#define WININET_E_CHG_POST_IS_NON_SECURE            _HRESULT_TYPEDEF_(0x80072F0A)
#define WININET_E_POST_IS_NON_SECURE                _HRESULT_TYPEDEF_(0x80072F0B)
#define WININET_E_CLIENT_AUTH_CERT_NEEDED           _HRESULT_TYPEDEF_(0x80072F0C)
#define WININET_E_INVALID_CA                        _HRESULT_TYPEDEF_(0x80072F0D)
#define WININET_E_CLIENT_AUTH_NOT_SETUP             _HRESULT_TYPEDEF_(0x80072F0E)
#define WININET_E_ASYNC_THREAD_FAILED               _HRESULT_TYPEDEF_(0x80072F0F)
#define WININET_E_REDIRECT_SCHEME_CHANGE            _HRESULT_TYPEDEF_(0x80072F10)
#define WININET_E_DIALOG_PENDING                    _HRESULT_TYPEDEF_(0x80072F11)
#define WININET_E_RETRY_DIALOG                      _HRESULT_TYPEDEF_(0x80072F12)
#define WININET_E_NO_NEW_CONTAINERS                 _HRESULT_TYPEDEF_(0x80072F13)
#define WININET_E_HTTPS_HTTP_SUBMIT_REDIR           _HRESULT_TYPEDEF_(0x80072F14)
#define WININET_E_SEC_CERT_ERRORS                   _HRESULT_TYPEDEF_(0x80072F17)
#define WININET_E_SEC_CERT_REV_FAILED               _HRESULT_TYPEDEF_(0x80072F19)
#define WININET_E_HEADER_NOT_FOUND                  _HRESULT_TYPEDEF_(0x80072F76)
#define WININET_E_DOWNLEVEL_SERVER                  _HRESULT_TYPEDEF_(0x80072F77)
#define WININET_E_INVALID_SERVER_RESPONSE           _HRESULT_TYPEDEF_(0x80072F78)
#define WININET_E_INVALID_HEADER                    _HRESULT_TYPEDEF_(0x80072F79)
#define WININET_E_INVALID_QUERY_REQUEST             _HRESULT_TYPEDEF_(0x80072F7A)
#define WININET_E_HEADER_ALREADY_EXISTS             _HRESULT_TYPEDEF_(0x80072F7B)
#define WININET_E_REDIRECT_FAILED                   _HRESULT_TYPEDEF_(0x80072F7C)
#define WININET_E_SECURITY_CHANNEL_ERROR            _HRESULT_TYPEDEF_(0x80072F7D)
#define WININET_E_UNABLE_TO_CACHE_FILE              _HRESULT_TYPEDEF_(0x80072F7E)
#define WININET_E_TCPIP_NOT_INSTALLED               _HRESULT_TYPEDEF_(0x80072F7F)
#define WININET_E_NOT_REDIRECTED                    _HRESULT_TYPEDEF_(0x80072F80)
#define WININET_E_COOKIE_NEEDS_CONFIRMATION         _HRESULT_TYPEDEF_(0x80072F81)
#define WININET_E_COOKIE_DECLINED                   _HRESULT_TYPEDEF_(0x80072F82)
#define WININET_E_DISCONNECTED                      _HRESULT_TYPEDEF_(0x80072F83)
#define WININET_E_SERVER_UNREACHABLE                _HRESULT_TYPEDEF_(0x80072F84)
#define WININET_E_PROXY_SERVER_UNREACHABLE          _HRESULT_TYPEDEF_(0x80072F85)
#define WININET_E_BAD_AUTO_PROXY_SCRIPT             _HRESULT_TYPEDEF_(0x80072F86)
#define WININET_E_UNABLE_TO_DOWNLOAD_SCRIPT         _HRESULT_TYPEDEF_(0x80072F87)
#define WININET_E_REDIRECT_NEEDS_CONFIRMATION       _HRESULT_TYPEDEF_(0x80072F88)
#define WININET_E_SEC_INVALID_CERT                  _HRESULT_TYPEDEF_(0x80072F89)
#define WININET_E_SEC_CERT_REVOKED                  _HRESULT_TYPEDEF_(0x80072F8A)
#define WININET_E_FAILED_DUETOSECURITYCHECK         _HRESULT_TYPEDEF_(0x80072F8B)
#define WININET_E_NOT_INITIALIZED                   _HRESULT_TYPEDEF_(0x80072F8C)
#define WININET_E_LOGIN_FAILURE_DISPLAY_ENTITY_BODY _HRESULT_TYPEDEF_(0x80072F8E)
#define WININET_E_DECODING_FAILED                   _HRESULT_TYPEDEF_(0x80072F8F)

#endif
