/* base/banned.h -- calls that have a safer neighbour here; using one does not compile.
 *
 * Forced into every file by the build (-include), after the system headers it needs. Numbers come
 * from base/parse.h, text from base/buf.h, times from base/clock.h. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison strtol strtoul strtoll strtoull strtod strtof atoi atol atoll atof
#pragma GCC poison sscanf strtok strtok_r
#pragma GCC poison localtime gmtime ctime asctime mktime strftime strptime
