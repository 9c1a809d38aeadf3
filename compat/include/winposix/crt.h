/* crt.h - everything of Microsoft's C library that windows.h users expect to be there. */
#ifndef WINPOSIX_CRT_H
#define WINPOSIX_CRT_H

#include <winposix/crt_types.h>
#include <winposix/crt_wchar.h>
#include <winposix/crt_stdio.h>
#include <winposix/crt_string.h>
#include <winposix/crt_stdlib.h>
#include <winposix/wide_marker.h>

#endif
