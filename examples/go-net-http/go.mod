module example.invalid/shop

go 1.23

require github.com/stripe/stripe-go/v82 v82.5.1
