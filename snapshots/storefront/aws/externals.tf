# resources.psp (isobar.yaml:39)
# api.psp.example.com: functions reach it over the internet, which nothing of AWS guards.
