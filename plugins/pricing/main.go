// Command pricing says what orders cost: JSON in, JSON or an error with details out.
package main

import "pluginhost.dev/sdk"

func init() { sdk.JSON("price", Price) }

func main() {} // never runs

// Order is what somebody wants to buy.
type Order struct {
	// Customer is a name or a number of the caller's.
	Customer string `json:"customer,omitempty"`
	Lines    []Line `json:"lines"`
	// Coupon is SPRING, or nothing.
	Coupon string `json:"coupon,omitempty"`
}

// Line is one item of an order.
type Line struct {
	Item  string `json:"item"`
	Count int    `json:"count"`
}

// Quote is what an order costs, in cents.
type Quote struct {
	Lines    []PricedLine `json:"lines"`
	Discount int          `json:"discount"`
	Total    int          `json:"total"`
}

// PricedLine is a line with its price.
type PricedLine struct {
	Line
	Unit  int `json:"unit"`
	Total int `json:"total"`
}

// prices are in cents.
var prices = map[string]int{"book": 2495, "pen": 150, "lamp": 3900, "desk": 24900}

// Missing is what the error of an unknown item tells.
type Missing struct {
	Line int    `json:"line"`
	Item string `json:"item"`
}

// Price says what an order costs. Ten or more of one item are a tenth cheaper, and the coupon SPRING takes five percent off the whole.
// An item that is not sold is an error of code unknown-item, and a count that is not between 1 and 1000 one of code bad-count.
func Price(order Order) (Quote, error) {
	quote := Quote{Lines: []PricedLine{}}
	if len(order.Lines) == 0 {
		return Quote{}, sdk.Errorf("empty-order", "an order has at least one line")
	}
	for i, line := range order.Lines {
		unit, sold := prices[line.Item]
		if !sold {
			return Quote{}, sdk.Errorf("unknown-item", "%q is not sold here", line.Item).With(Missing{Line: i, Item: line.Item})
		}
		if line.Count < 1 || line.Count > 1000 {
			return Quote{}, sdk.Errorf("bad-count", "cannot sell %d of %s", line.Count, line.Item)
		}
		total := unit * line.Count
		if line.Count >= 10 {
			total -= total / 10
		}
		quote.Lines = append(quote.Lines, PricedLine{Line: line, Unit: unit, Total: total})
		quote.Total += total
	}
	if order.Coupon == "SPRING" {
		quote.Discount = quote.Total / 20
		quote.Total -= quote.Discount
	}
	return quote, nil
}
