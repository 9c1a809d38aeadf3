/* windows.h - the Win32 base, for programs that talk to a network.
 *
 * Brings what users of Microsoft's header rely on, the C headers it drags in included. It does
 * not define _WIN32: that is the program's decision. <fcntl.h> stays out: its LOCK_WRITE is an
 * enumerator in COM.
 */
#ifndef _WINDOWS_
#define _WINDOWS_
#define _INC_WINDOWS

#include <sdkddkver.h>
#include <winapifamily.h>

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include <sal.h>
#include <rpcsal.h>
#include <winposix/crt.h>
#include <windef.h>
#include <winbase.h>
#include <winnls.h>
#include <winerror.h>
#include <winver.h>
#include <winposix/usertext.h>
#include <winposix/console.h>

#ifndef WIN32_LEAN_AND_MEAN
#include <rpc.h>
#include <objbase.h>
#include <wincrypt.h>
#endif

#endif
