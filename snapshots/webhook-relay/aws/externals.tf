# resources.billing-host (isobar.yaml:27)
# hooks.billing.example.com: functions reach it over the internet, which nothing of AWS guards.

# resources.desk-host (isobar.yaml:29)
# desk.example.com: functions reach it over the internet, which nothing of AWS guards.

# resources.shipping-host (isobar.yaml:28)
# hooks.shipping.example.com: functions reach it over the internet, which nothing of AWS guards.
