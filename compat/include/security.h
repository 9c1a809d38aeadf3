/* security.h - the name under which programs include sspi.h. */
#ifndef __SECURITY_H__
#define __SECURITY_H__
#include <sspi.h>
#endif
