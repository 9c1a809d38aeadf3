/* wil.h - lets the Windows Implementation Library compile here: `-include winposix/wil.h`.
 *
 * WIL insists that HRESULT and NTSTATUS are `long` and that error codes are `unsigned long`. Those
 * types have 32 bits on Windows and 64 here, so ours are `int` and `unsigned int`. The three
 * checking functions get the specialisations that accept them; everything else in WIL works as it
 * is. Must come before any other WIL header; NOMINMAX and the like go on the command line.
 */
#ifndef WINPOSIX_WIL_H
#define WINPOSIX_WIL_H
#ifdef __cplusplus

#include <windows.h>
#include <wil/common.h>

namespace wil
{
template <> constexpr long verify_hresult<HRESULT>(HRESULT hr) WI_NOEXCEPT
{
    return hr;
}

template <> inline long verify_ntstatus<HRESULT>(HRESULT status) WI_NOEXCEPT
{
    return status;
}

template <> inline DWORD verify_win32<DWORD>(DWORD error) WI_NOEXCEPT
{
    return error;
}
} // namespace wil

#endif
#endif
