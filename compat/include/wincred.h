/* wincred.h - types of the credential dialogues. */
#ifndef _WINCRED_H_
#define _WINCRED_H_

#include <windows.h>

typedef struct _CREDUI_INFOA {
    DWORD cbSize;
    HWND hwndParent;
    PCSTR pszMessageText;
    PCSTR pszCaptionText;
    HBITMAP hbmBanner;
} CREDUI_INFOA, *PCREDUI_INFOA;

typedef struct _CREDUI_INFOW {
    DWORD cbSize;
    HWND hwndParent;
    PCWSTR pszMessageText;
    PCWSTR pszCaptionText;
    HBITMAP hbmBanner;
} CREDUI_INFOW, *PCREDUI_INFOW;

#ifdef UNICODE
typedef CREDUI_INFOW CREDUI_INFO, *PCREDUI_INFO;
#else
typedef CREDUI_INFOA CREDUI_INFO, *PCREDUI_INFO;
#endif

#define CREDUI_MAX_MESSAGE_LENGTH        1024
#define CREDUI_MAX_CAPTION_LENGTH        128
#define CREDUI_MAX_GENERIC_TARGET_LENGTH 32767
#define CREDUI_MAX_USERNAME_LENGTH       513
#define CREDUI_MAX_PASSWORD_LENGTH       256

#define CREDUIWIN_GENERIC          0x00000001
#define CREDUIWIN_CHECKBOX         0x00000002
#define CREDUIWIN_AUTHPACKAGE_ONLY 0x00000010

#endif
